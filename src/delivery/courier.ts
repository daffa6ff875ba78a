import type { Batch } from '../core/batch.ts'
import type { Bulk, Exchange } from '../core/exchange.ts'
import type { LedgerBook } from '../core/ledger.ts'
import { nextDelay } from '../core/next-delay.ts'
import type { Clock, Random, Timer } from '../core/platform.ts'
import type { Queue } from '../core/queue-face.ts'
import type { SelfLog } from '../core/self-log-event.ts'
import { Announcer } from './announcer.ts'
import { decide } from './decide.ts'
import type { GateState } from './gate.ts'
import { Gate } from './gate.ts'
import type { Flight } from './in-flight.ts'
import { InFlight } from './in-flight.ts'
import { Limit } from './limit.ts'
import type { Repair, Sorted } from './sort-verdicts.ts'
import { sortVerdicts } from './sort-verdicts.ts'
import type { Decision, Memory } from './verdict.ts'

export interface CourierOptions {
  /** Most requests in flight. */
  readonly concurrency: number
  readonly minDelayMs: number
  readonly maxDelayMs: number
  readonly gzip: boolean
}

export interface CourierParts {
  readonly queue: Queue
  readonly ledger: LedgerBook
  readonly selfLog: SelfLog
  readonly clock: Clock
  readonly random: Random
  readonly repair: Repair
  /** Called after each exchange, when its documents have their fates or are back in the queue. */
  readonly onProgress: () => void
}

/** A held index is tried again this often. */
const holdProbeMs = 10_000

/**
 * Carries batches from the queue to the server and books what becomes of each document. One turn:
 *
 * ```
 *  queue ready → gate → slot → lease → exchange → decide → book and give back → announce
 *      ↑_____________________________________________________________│
 * ```
 * Retry, split and hold are places where documents wait, not layers around a call: a batch in back-off takes
 * no slot. Whatever changes the state calls `pump`.
 */
export class Courier {
  readonly #options: CourierOptions
  readonly #parts: CourierParts
  readonly #gate = new Gate()
  readonly #limit: Limit
  readonly #inFlight: InFlight
  readonly #announcer: Announcer
  readonly #lastStoredAt = new Map<string, number>()
  #bulk: Bulk | undefined
  #timer: Timer | undefined
  #stopped = false
  #passed = 0
  #refusedAlone = 0
  /** The `_id` that the last probe began with. */
  #lastProbe: string | undefined

  constructor(options: CourierOptions, parts: CourierParts) {
    this.#options = options
    this.#parts = parts
    this.#limit = new Limit(options.concurrency)
    this.#inFlight = new InFlight(parts.clock, (flight) => {
      this.#limit.cut(flight.startedAt, parts.clock.now())
      this.#announcer.slow(flight)
      this.pump()
    })
    const { queue, selfLog } = parts
    const troubled = () => queue.troubled() + this.#inFlight.slowDocuments()
    this.#announcer = new Announcer(selfLog, { troubled, pending: () => queue.pending() })
  }

  get requests(): { readonly inFlight: number; readonly limit: number } {
    return { inFlight: this.#inFlight.size, limit: this.#limit.value }
  }

  get breaker(): GateState {
    return this.#gate.state
  }

  /** Lines have waited in the queue until now. */
  start(bulk: Bulk): void {
    this.#bulk = bulk
    this.pump()
  }

  /** The end is near: no more waiting between tries. */
  hurry(): void {
    this.#gate.hurry(this.#parts.clock.now())
    this.pump()
  }

  /** Ends what is in flight. Its documents are back in the queue when the promise resolves, which it does at once. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#parts.clock.clearTimeout(this.#timer)
    await this.#inFlight.abort()
  }

  /** Sends what may be sent now, and wakes up when more may. */
  pump(): void {
    this.#parts.clock.clearTimeout(this.#timer)
    this.#timer = undefined
    while (
      !this.#stopped &&
      this.#bulk !== undefined &&
      this.#inFlight.hasSlot(this.#limit.value)
    ) {
      const permission = this.#gate.permit(this.#parts.clock.now())
      if (permission.kind === 'wait') {
        this.#wakeAt(permission.untilMs)
        return
      }
      const idle = this.#inFlight.size === 0
      const probe = permission.kind === 'probe'
      const wish = { smallest: probe, idle, ...(this.#lastProbe && { butNot: this.#lastProbe }) }
      const batch = this.#parts.queue.lease(wish)
      if (batch === undefined) {
        this.#wakeAt(this.#parts.queue.nextReadyAt(idle))
        return
      }
      this.#send(this.#bulk, batch, probe)
    }
  }

  #wakeAt(at: number | undefined): void {
    if (at === undefined || !Number.isFinite(at)) return
    const delayMs = Math.max(1, Math.ceil(at - this.#parts.clock.now()))
    this.#timer = this.#parts.clock.setTimeout(() => {
      this.pump()
    }, delayMs)
  }

  #send(bulk: Bulk, batch: Batch, probe: boolean): void {
    const flight = this.#inFlight.start(batch, probe)
    if (probe) {
      this.#lastProbe = batch.id(0)
      this.#gate.probeStarted()
    }
    const ask = { probe, withIndex: false, gzip: this.#options.gzip, omit: [] }
    const turn = bulk.exchange(batch, ask, flight.signal).then((answer) => {
      const exchange = this.#stopped ? answer : overtaken(answer)
      this.#inFlight.end(flight)
      this.#land(flight, exchange)
      this.#parts.onProgress()
      this.pump()
    })
    this.#inFlight.track(flight, turn)
  }

  /** Everything that an exchange changes, in one step. */
  #land(flight: Flight, exchange: Exchange): void {
    const { batch, probe } = flight
    const now = this.#parts.clock.now()
    const memory = this.#memory(now)
    const decision = decide(exchange, batch, memory)
    const modeBefore = this.#gate.mode
    if (!this.#stopped) this.#noteHealth(flight, decision, now)
    const sorted = this.#sort(batch, decision, memory)
    this.#book(batch, sorted, exchange, now)
    this.#parts.queue.giveBack(batch, sorted.again)
    const served = decision.failure === undefined && sorted.retried.length < batch.count
    const released = this.#noteIndex(batch, sorted, served, now)
    if (!this.#stopped && exchange.kind === 'answered') this.#inFlight.overtake(flight)
    if (served && sorted.again.length === 0) this.#endBackOff(now)
    this.#announcer.announce({
      batch,
      probe,
      exchange,
      decision,
      sorted,
      released,
      modeBefore,
      mode: this.#gate.mode,
      nextRetryMs: this.#nextTryMs(sorted, now),
      stopped: this.#stopped,
    })
  }

  /** The server takes all that it is given: what failed earlier need not wait for its doubled delays, but for its jitter. */
  #endBackOff(now: number): void {
    this.#parts.queue.bringForward(now + this.#parts.random() * this.#options.minDelayMs)
  }

  #memory(now: number): Memory {
    return {
      now,
      passed: this.#passed,
      refusedAlone: this.#refusedAlone,
      lastStoredAt: (index) => this.#lastStoredAt.get(index),
    }
  }

  #noteHealth(flight: Flight, decision: Decision, now: number): void {
    this.#gate.note(decision.health, now, flight.probe)
    const retryAfterMs = decision.failure?.retryAfterMs
    if (retryAfterMs !== undefined) this.#gate.pause(now, retryAfterMs)
    if (decision.congested) this.#limit.cut(flight.startedAt, now)
    else if (decision.health === 'well' && this.#moreWaits()) this.#limit.raise()
  }

  #moreWaits(): boolean {
    const readyAt = this.#parts.queue.nextReadyAt(false)
    return readyAt !== undefined && readyAt <= this.#parts.clock.now()
  }

  #sort(batch: Batch, decision: Decision, memory: Memory): Sorted {
    const { minDelayMs, maxDelayMs } = this.#options
    const tries = batch.history.tries + 1
    const delayMs = nextDelay(tries, { minDelayMs, maxDelayMs }, this.#parts.random)
    const readyAt = memory.now + Math.max(delayMs, decision.failure?.retryAfterMs ?? 0)
    return sortVerdicts(batch, decision, memory, { now: memory.now, readyAt }, this.#parts.repair)
  }

  /** The one place where a document gets its fate from an answer. */
  #book(batch: Batch, sorted: Sorted, exchange: Exchange, now: number): void {
    const { ledger } = this.#parts
    for (const i of sorted.stored) ledger.book('stored', batch.id(i))
    for (const i of sorted.duplicates) ledger.book('duplicate', batch.id(i))
    for (const { documents } of sorted.refusals.values()) {
      for (const i of documents) ledger.book('deadLettered', batch.id(i))
    }
    ledger.note('failureStored', sorted.failureStored)
    ledger.note('repaired', sorted.mended.length)
    const expected = batch.history.ambiguous || exchange.earlierBodyStarted
    if (!expected) ledger.note('conflictUnexpected', sorted.duplicates.length)
    const passed = sorted.stored.length + sorted.duplicates.length
    if (passed > 0) {
      this.#passed += passed
      this.#refusedAlone = 0
      this.#lastStoredAt.set(batch.index, now)
    } else if (sorted.refusedAlone) {
      this.#refusedAlone++
    }
  }

  /**
   * Holds the index that its documents were refused for, or lets it go; says whether it did. `served`: a document
   * was judged by itself, stored or not.
   */
  #noteIndex(batch: Batch, sorted: Sorted, served: boolean, now: number): boolean {
    const { queue } = this.#parts
    const wasHeld = queue.isHeld(batch.index)
    if (sorted.held === undefined && (served || !wasHeld)) {
      if (wasHeld) queue.releaseIndex(batch.index)
      return wasHeld
    }
    queue.holdIndex(batch.index, now + holdProbeMs)
    return false
  }

  #nextTryMs(sorted: Sorted, now: number): number | undefined {
    const readyAt = Math.min(...sorted.again.map((part) => part.readyAt))
    if (!Number.isFinite(readyAt)) return undefined
    const gateMs = this.#gate.nextTryMs(now)
    // Behind a gate the probe decides; the batch's own delay does not count.
    if (this.#gate.mode !== 'normal') return gateMs
    return Math.max(readyAt - now, gateMs ?? 0)
  }
}

/** Nobody but us aborts, and while we are not stopping only for one reason. */
function overtaken(exchange: Exchange): Exchange {
  if (exchange.kind !== 'broken' || exchange.code !== 'aborted') return exchange
  return { ...exchange, code: 'response_overtaken' }
}
