import { isoTime } from '../core/iso-time.ts'
import type { Clock, Timer } from '../core/platform.ts'
import type { EventInput, SelfLogEvent } from '../core/self-log-event.ts'
import { openerOf } from './event-table.ts'

/** The facts of an event, before it gets its words, time and totals: when it leaves. */
export type Draft = EventInput &
  Pick<SelfLogEvent, 'severity' | 'kind' | 'items' | 'bytes' | 'incident' | 'suppressed'>

interface Window {
  /** Monotonic ms at which it ends. */
  readonly endsAt: number
  /** Since when repeats are held back, ISO 8601. */
  since: string
  count: number
  folded: Draft | undefined
}

/**
 * Lets the first of several like events out at once and folds what repeats it within `repeatMs` into one,
 * which goes out at the end of that time: the newest, with the sums of what can be added up.
 */
export class Repeats {
  readonly #repeatMs: number
  readonly #clock: Clock
  readonly #out: (draft: Draft) => void
  readonly #windows = new Map<string, Window>()
  #timer: Timer | undefined

  constructor(repeatMs: number, clock: Clock, out: (draft: Draft) => void) {
    this.#repeatMs = repeatMs
    this.#clock = clock
    this.#out = out
  }

  take(draft: Draft): void {
    const key = keyOf(draft)
    const window = this.#windows.get(key)
    if (window === undefined) {
      this.#letOpenerOut(draft)
      this.#open(key)
      this.#out(draft)
      return
    }
    if (window.count === 0) window.since = isoTime(this.#clock.wallNow())
    window.count++
    window.folded = window.folded === undefined ? draft : fold(window.folded, draft)
  }

  /** Lets everything out that is held back. */
  flush(): void {
    for (const window of this.#windows.values()) this.#letOut(window)
    this.#windows.clear()
    this.#clock.clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #open(key: string): void {
    const endsAt = this.#clock.now() + this.#repeatMs
    this.#windows.set(key, { endsAt, since: '', count: 0, folded: undefined })
    if (this.#timer === undefined) this.#wakeAt(endsAt)
  }

  /** Before a trouble is said to be over, what was held back of it is said. */
  #letOpenerOut(draft: Draft): void {
    const opener = openerOf(draft.code)
    if (opener === undefined) return
    for (const window of this.#windows.values()) {
      if (window.folded?.code === opener) this.#letOut(window)
    }
  }

  #letOut(window: Window): void {
    const { folded, count, since } = window
    if (folded === undefined) return
    window.folded = undefined
    window.count = 0
    this.#out(count > 1 ? { ...folded, suppressed: { count: count - 1, since } } : folded)
  }

  #wakeAt(endsAt: number): void {
    this.#timer = this.#clock.setTimeout(
      () => {
        this.#timer = undefined
        this.#endWindows()
      },
      Math.max(1, Math.ceil(endsAt - this.#clock.now())),
    )
  }

  /** Ends what is due. A window that held something back begins again, or a steady trouble would speak twice in a row. */
  #endWindows(): void {
    const now = this.#clock.now()
    for (const [key, window] of [...this.#windows]) {
      if (window.endsAt > now) continue
      this.#windows.delete(key)
      if (window.folded === undefined) continue
      this.#letOut(window)
      this.#open(key)
    }
    const next = Math.min(...[...this.#windows.values()].map((window) => window.endsAt))
    if (this.#timer === undefined && Number.isFinite(next)) this.#wakeAt(next)
  }
}

function keyOf({ code, endpoint, index, failure, reason, kind }: Draft): string {
  return [code, kind, endpoint?.origin, index, failure?.code, reason].join(' ')
}

/** Codes whose lines stand in exactly one event: their numbers add up. Others speak of the same lines again. */
const final = new Set(['items.dropped', 'items.dead_lettered', 'items.repaired', 'lines.wrapped'])

function fold(before: Draft, draft: Draft): Draft {
  if (!final.has(draft.code)) return draft
  const ambiguous = (before.ambiguous ?? 0) + (draft.ambiguous ?? 0)
  return {
    ...draft,
    items: before.items + draft.items,
    bytes: before.bytes + draft.bytes,
    ...(ambiguous > 0 && { ambiguous }),
    ...((before.levels ?? draft.levels) && { levels: addLevels(before.levels, draft.levels) }),
  }
}

function addLevels(
  a: Readonly<Record<string, number>> = {},
  b: Readonly<Record<string, number>> = {},
): Record<string, number> {
  const sum = { ...a }
  for (const [level, items] of Object.entries(b)) sum[level] = (sum[level] ?? 0) + items
  return sum
}
