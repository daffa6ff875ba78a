import type { Clock, Random } from '../core/platform.ts'
import type { Address } from './address.ts'
import { haveSameAddresses } from './address.ts'
import { BoundedMap } from './bounded-map.ts'
import type { QuestionReport } from './dns-event.ts'
import type { EventOutlet } from './event-outlet.ts'
import { EventTeller } from './event-teller.ts'
import type { Entry, Running } from './name-entry.ts'
import { createEntry, keyOf } from './name-entry.ts'
import type { CacheLimits } from './name-state.ts'
import { answerFrom, applyResolution, isDue, nextRefreshMs, usableAddresses } from './name-state.ts'
import type { AddressKind, LookupFailure, Resolution, Resolve } from './resolution.ts'
import { Trace } from './resolution.ts'

/** What a lookup comes to. */
export type Outcome =
  | { readonly kind: 'found'; readonly addresses: readonly Address[] }
  | { readonly kind: 'failed'; readonly failure: LookupFailure }

/** What the cache needs. */
export interface NameCacheParts {
  readonly clock: Clock
  readonly random: Random
  readonly limits: CacheLimits
  readonly resolve: Resolve
  readonly events: EventOutlet
  /** Keeps the process alive until the function that it gives is called. */
  readonly hold: () => () => void
}

const mostNames = 4096
/** A resolution that takes longer is told, and one that runs for longer counts as unanswered. */
const slowMs = 250
/** How long a lookup waits for new addresses where those at hand are old. */
const oldWaitMs = 200
/** A name in trouble that nobody uses is no longer asked for. */
const abandonedMs = 600_000

/**
 * Names and their addresses: one resolution at a time for each name, asked for again in the background before its time is over,
 * and given out after its time rather than not at all.
 */
export class NameCache {
  readonly #parts: NameCacheParts
  readonly #entries: BoundedMap<string, Entry>
  readonly #teller: EventTeller
  readonly #counts = { hits: 0, stale: 0, misses: 0, failures: 0 }
  #closed = false

  constructor(parts: NameCacheParts) {
    this.#parts = parts
    this.#teller = new EventTeller(parts.clock, parts.limits, parts.events)
    this.#entries = new BoundedMap(mostNames, (entry) => parts.clock.clearTimeout(entry.timer))
  }

  get counts(): Readonly<Record<'names' | 'hits' | 'stale' | 'misses' | 'failures', number>> {
    return { names: this.#entries.size, ...this.#counts }
  }

  /** The addresses of a canonical name. Never rejects. */
  async lookup(name: string, kind: AddressKind): Promise<Outcome> {
    if (this.#closed) return closed(name)
    const { clock, limits } = this.#parts
    const entry = this.#use(name, kind)
    const answer = answerFrom(entry.state, clock.now(), limits)
    switch (answer.kind) {
      case 'fresh':
        this.#counts.hits++
        if (isDue(entry.state, clock.now())) this.#resolve(entry)
        return { kind: 'found', addresses: answer.addresses }
      case 'failed':
        return answer
      case 'stale':
        return this.#giveStale(entry, answer.addresses, answer.old)
      case 'unknown':
        this.#counts.misses++
        await this.#wait(this.#resolve(entry).ended)
        return this.#result(entry)
    }
  }

  /** Starts a resolution where one is due, and keeps nothing alive. */
  prefetch(name: string, kind: AddressKind): void {
    if (this.#closed) return
    const entry = this.#use(name, kind)
    if (isDue(entry.state, this.#parts.clock.now())) this.#resolve(entry)
  }

  /** What could be given out now. */
  addresses(name: string, kind: AddressKind): readonly Address[] | undefined {
    const entry = this.#entries.peek(keyOf(name, kind))
    const { clock, limits } = this.#parts
    return entry && usableAddresses(entry.state, clock.now(), limits)
  }

  /** What the latest resolution of a name has asked, so far where it goes on. */
  questions(name: string, kind: AddressKind): readonly QuestionReport[] {
    return this.#entries.peek(keyOf(name, kind))?.trace?.reports() ?? []
  }

  /** Other servers, or another search list: what failed is worth another question at once. */
  forgetFailures(): void {
    for (const entry of this.#entries.values()) {
      const { trouble, known } = entry.state
      if (trouble === undefined) continue
      const againAtMs = -Infinity
      entry.state = { ...(known && { known }), trouble: { ...trouble, againAtMs } }
      this.#schedule(entry)
    }
  }

  /** Every lookup fails from now on. */
  close(): void {
    this.#closed = true
    for (const entry of this.#entries.values()) this.#parts.clock.clearTimeout(entry.timer)
  }

  #use(name: string, kind: AddressKind): Entry {
    const key = keyOf(name, kind)
    const usedMs = this.#parts.clock.now()
    let entry = this.#entries.get(key)
    if (entry === undefined) {
      entry = createEntry(name, kind, usedMs)
      this.#entries.set(key, entry)
    }
    entry.used = true
    entry.usedMs = usedMs
    return entry
  }

  async #giveStale(entry: Entry, addresses: readonly Address[], old: boolean): Promise<Outcome> {
    const { clock } = this.#parts
    if (isDue(entry.state, clock.now())) this.#resolve(entry)
    const { running } = entry
    if (old && running !== undefined && clock.now() - running.startedMs < oldWaitMs) {
      await this.#wait(Promise.race([running.ended, this.#pause(oldWaitMs)]))
      if (entry.running === undefined) return this.#result(entry)
    }
    this.#counts.stale++
    this.#watchSilence(entry)
    return { kind: 'found', addresses }
  }

  /** An address has been given out after its time: is that because nobody answers? */
  #watchSilence(entry: Entry): void {
    const { running, state } = entry
    const nowMs = this.#parts.clock.now()
    const waitedMs = running === undefined ? 0 : nowMs - running.startedMs
    if (state.trouble === undefined && waitedMs <= slowMs) return
    this.#teller.see(entry, 'stale', running?.trace, nowMs - waitedMs)
  }

  #result(entry: Entry): Outcome {
    if (this.#closed) return closed(entry.name)
    const { clock, limits } = this.#parts
    const addresses = usableAddresses(entry.state, clock.now(), limits)
    if (addresses !== undefined) return { kind: 'found', addresses }
    const failure = entry.state.trouble ?? closed(entry.name).failure
    return { kind: 'failed', failure }
  }

  #resolve(entry: Entry): Running {
    if (entry.running !== undefined) return entry.running
    const { clock, resolve } = this.#parts
    clock.clearTimeout(entry.timer)
    entry.used = false
    const trace = new Trace()
    entry.trace = trace
    const startedMs = clock.now()
    const take = (resolution: Resolution): void => this.#take(entry, resolution, trace, startedMs)
    const end = (resolution: Resolution): void => {
      entry.running = undefined
      take(resolution)
    }
    const ended = resolve(entry.name, entry.kind, trace, take).then(end, (error: unknown) =>
      end(unforeseen(entry.name, error)),
    )
    entry.running = { startedMs, trace, ended }
    return entry.running
  }

  #take(entry: Entry, resolution: Resolution, trace: Trace, startedMs: number): void {
    if (this.#closed) return
    const { clock, random, limits } = this.#parts
    const nowMs = clock.now()
    const previous = entry.state.known?.addresses
    entry.state = applyResolution(entry.state, resolution, nowMs, limits, random)
    this.#schedule(entry)
    const slow = nowMs - startedMs > slowMs
    if (resolution.kind === 'found') {
      this.#teller.see(entry, slow ? 'works slowly' : 'works', trace, startedMs)
      if (previous !== undefined && !haveSameAddresses(previous, resolution.addresses)) {
        this.#teller.changed(entry, trace, startedMs, previous)
      }
      return
    }
    this.#counts.failures++
    if (entry.state.known === undefined) this.#teller.see(entry, 'failed', trace, startedMs)
    else if (slow) this.#teller.see(entry, 'slow', trace, startedMs)
  }

  /** Asks again by itself, as long as somebody uses the name, or while it is in trouble. */
  #schedule(entry: Entry): void {
    const { clock } = this.#parts
    clock.clearTimeout(entry.timer)
    entry.timer = undefined
    const atMs = nextRefreshMs(entry.state)
    if (atMs === undefined || this.#closed) return
    entry.timer = clock.setTimeout(
      () => {
        const wanted = entry.incident !== undefined && clock.now() - entry.usedMs < abandonedMs
        if (entry.used || wanted) this.#resolve(entry)
      },
      Math.max(0, atMs - clock.now()),
    )
  }

  /** Waits, and keeps the process alive so long. */
  async #wait(ended: Promise<void>): Promise<void> {
    const release = this.#parts.hold()
    try {
      await ended
    } finally {
      release()
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#parts.clock.setTimeout(resolve, ms)
    })
  }
}

function closed(name: string): Extract<Outcome, { readonly kind: 'failed' }> {
  const message = `queryA ECANCELLED ${name}: the lookup is closed`
  return { kind: 'failed', failure: { code: 'ECANCELLED', message, syscall: 'queryA' } }
}

/** A fault in a resolver of ours must end neither the process nor the waiting. */
function unforeseen(name: string, error: unknown): Resolution {
  const message = `queryA EAI_AGAIN ${name}: ${error instanceof Error ? error.message : String(error)}`
  return { kind: 'failed', code: 'EAI_AGAIN', message, syscall: 'queryA' }
}
