import { isoTime } from '../core/iso-time.ts'
import type { Clock, Timer } from '../core/platform.ts'
import type { EventInput, SelfLogEvent } from '../core/self-log-event.ts'
import { eventTable, openersOf } from './event-table.ts'

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
 *
 * The end of a trouble is never folded once its beginning has gone out, and never overtakes it. A trouble that
 * begins and ends within that time waits as a pair; where another of its kind begins, the pair is folded away.
 */
export class Repeats {
  readonly #repeatMs: number
  readonly #clock: Clock
  readonly #out: (draft: Draft) => void
  readonly #windows = new Map<string, Window>()
  /** Troubles whose beginning has gone out, by the id of the incident. */
  readonly #told = new Set<string>()
  /** The ends of troubles whose beginning is held back. */
  readonly #ends = new Map<string, Draft>()
  #timer: Timer | undefined

  constructor(repeatMs: number, clock: Clock, out: (draft: Draft) => void) {
    this.#repeatMs = repeatMs
    this.#clock = clock
    this.#out = out
  }

  take(draft: Draft): void {
    if (openersOf(draft.code).length > 0) {
      this.#takeEnd(draft)
      return
    }
    const key = keyOf(draft)
    const window = this.#windows.get(key)
    if (window === undefined) {
      this.#open(key)
      this.#tell(draft)
      return
    }
    if (window.count === 0) window.since = isoTime(this.#clock.wallNow())
    window.count++
    const before = window.folded
    window.folded = before === undefined ? draft : fold(before, draft)
    if (before?.incident?.id !== draft.incident?.id) window.count += this.#forgetEnd(before)
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

  #takeEnd(draft: Draft): void {
    const id = draft.incident?.id
    if (id !== undefined && !this.#told.has(id)) {
      this.#ends.set(id, draft)
      return
    }
    if (id !== undefined) {
      for (const window of this.#windowsOf(id)) this.#letOut(window)
      this.#told.delete(id)
    }
    this.#out(draft)
  }

  /** The number of ends that nobody will hear of any more, but as a number. */
  #forgetEnd(beginning: Draft | undefined): number {
    const id = beginning?.incident?.id
    if (id === undefined || this.#windowsOf(id).length > 0) return 0
    return this.#ends.delete(id) ? 1 : 0
  }

  #windowsOf(id: string): readonly Window[] {
    return [...this.#windows.values()].filter((window) => window.folded?.incident?.id === id)
  }

  #tell(draft: Draft): void {
    const opens = eventTable[draft.code].closedBy !== undefined
    if (opens && draft.incident !== undefined) this.#told.add(draft.incident.id)
    this.#out(draft)
  }

  #letOut(window: Window): void {
    const { folded, count, since } = window
    if (folded === undefined) return
    window.folded = undefined
    window.count = 0
    this.#tell({ ...folded, ...(count > 1 && { suppressed: { count: count - 1, since } }) })
    const id = folded.incident?.id
    const end = id === undefined ? undefined : this.#ends.get(id)
    if (end?.incident === undefined) return
    this.#ends.delete(end.incident.id)
    this.#takeEnd(end)
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

function keyOf({ code, kind, fate, endpoint, index, name, failure, reason }: Draft): string {
  return [code, kind, fate, endpoint?.origin, index, name, failure?.code, reason].join(' ')
}

/** Codes whose lines stand in exactly one event: their numbers add up. Others speak of the same lines again. */
const final = new Set([
  'items.dropped',
  'items.dead_lettered',
  'items.repaired',
  'items.conflict_unexpected',
  'lines.wrapped',
])

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
