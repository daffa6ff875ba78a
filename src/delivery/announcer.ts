import type { Batch } from '../core/batch.ts'
import type { Exchange } from '../core/exchange.ts'
import type { Failure } from '../core/failure.ts'
import type { EventInput, SelfLog } from '../core/self-log-event.ts'
import type { GateMode } from './gate.ts'
import type { Flight } from './in-flight.ts'
import type { Sorted } from './sort-verdicts.ts'
import type { Decision } from './verdict.ts'

/** One landed exchange, with all that it changed. */
export interface Landing {
  readonly batch: Batch
  readonly probe: boolean
  readonly exchange: Exchange
  readonly decision: Decision
  readonly sorted: Sorted
  /** Its index was held and is free again. */
  readonly released: boolean
  readonly modeBefore: GateMode
  readonly mode: GateMode
  readonly nextRetryMs: number | undefined
  /** The courier has been stopped: what goes again goes nowhere, only fates are of interest. */
  readonly stopped: boolean
}

/** What is still in the way, in documents. */
export interface Waiting {
  /** Failed at least once, or unanswered for long. */
  troubled(): number
  pending(): number
}

/** Turns what happened into events: facts only, the words are the self-log's. */
export class Announcer {
  readonly #selfLog: SelfLog
  readonly #waiting: Waiting

  constructor(selfLog: SelfLog, waiting: Waiting) {
    this.#selfLog = selfLog
    this.#waiting = waiting
  }

  /** A request has been unanswered for long: it goes on, but nobody should wait for its deadline to learn of it. */
  slow({ batch }: Flight): void {
    this.#selfLog.emit({
      code: 'bulk.failed',
      fate: 'held_memory',
      items: batch.count,
      bytes: batch.body.length,
      index: batch.index,
      attempt: batch.history.tries + 1,
      failure: { code: 'response_slow', phase: 'wait', message: 'no answer yet' },
    })
  }

  announce(landing: Landing): void {
    this.#refusals(landing)
    this.#repairs(landing)
    this.#conflicts(landing)
    if (landing.stopped) return
    this.#quickTry(landing)
    this.#failure(landing)
    this.#modes(landing)
    this.#recovery(landing)
  }

  /** A failure that a second try has mended at once is a failure all the same. */
  #quickTry(landing: Landing): void {
    const { earlierFailure } = landing.exchange
    if (earlierFailure === undefined || landing.exchange.kind !== 'answered') return
    this.#selfLog.emit({
      ...about(landing, landing.decision.verdicts.keys()),
      code: 'bulk.failed',
      fate: 'none',
      failure: earlierFailure,
      phases: landing.exchange.phases,
      attempt: landing.batch.history.tries + 1,
    })
  }

  #refusals(landing: Landing): void {
    const ambiguous = landing.batch.history.ambiguous || landing.decision.ambiguous
    for (const refusal of landing.sorted.refusals.values()) {
      this.#selfLog.emit({
        ...about(landing, refusal.documents),
        code: 'items.dead_lettered',
        fate: 'dropped',
        kept: 'none',
        failure: failureView(refusal.because),
        ...(ambiguous && { ambiguous: refusal.documents.length }),
      })
    }
  }

  #repairs(landing: Landing): void {
    const { mended } = landing.sorted
    if (mended.length === 0) return
    const named = new Set(mended.flatMap((one) => one.repairs))
    this.#selfLog.emit({
      ...about(
        landing,
        mended.map((one) => one.document),
      ),
      code: 'items.repaired',
      fate: 'held_memory',
      detail: [...named].slice(0, 5).join(', '),
    })
  }

  #conflicts(landing: Landing): void {
    const { batch, sorted, exchange } = landing
    if (batch.history.ambiguous || exchange.earlierBodyStarted) return
    if (sorted.duplicates.length === 0) return
    this.#selfLog.emit({
      ...about(landing, sorted.duplicates),
      code: 'items.conflict_unexpected',
      fate: 'none',
    })
  }

  #failure(landing: Landing): void {
    const { batch, sorted, decision, nextRetryMs } = landing
    if (sorted.held !== undefined) {
      this.#selfLog.emit({
        ...about(landing, sorted.held.documents),
        code: 'index.held',
        fate: 'held_memory',
        failure: failureView(sorted.held.because),
      })
    }
    if (sorted.retryBecause === undefined) return
    this.#selfLog.emit({
      ...about(landing, sorted.retried),
      code: codeFor(decision),
      fate: 'held_memory',
      failure: failureView(sorted.retryBecause),
      phases: landing.exchange.phases,
      attempt: batch.history.tries + 1,
      ...(nextRetryMs !== undefined && { nextRetryMs: Math.round(nextRetryMs) }),
    })
  }

  /** What the gate left and what it entered. */
  #modes({ modeBefore, mode, ...landing }: Landing): void {
    if (modeBefore === mode) return
    const facts = {
      fate: 'none',
      items: 0,
      bytes: 0,
      endpoint: endpoint(landing.exchange),
    } as const
    if (modeBefore === 'broken') this.#selfLog.emit({ code: 'breaker.closed', ...facts })
    if (modeBefore === 'access') this.#selfLog.emit({ code: 'access.restored', ...facts })
    if (modeBefore === 'target') this.#selfLog.emit({ code: 'target.restored', ...facts })
    if (mode === 'broken') {
      this.#selfLog.emit({
        ...facts,
        code: 'breaker.opened',
        fate: 'held_memory',
        items: this.#waiting.pending(),
        ...(landing.nextRetryMs !== undefined && {
          nextRetryMs: Math.round(landing.nextRetryMs),
        }),
      })
    }
  }

  #recovery({ batch, released, decision, sorted, exchange }: Landing): void {
    if (released) {
      this.#selfLog.emit({
        code: 'index.released',
        fate: 'none',
        items: 0,
        bytes: 0,
        index: batch.index,
      })
    }
    const failed = decision.failure !== undefined && sorted.retried.length > 0
    if (failed || !this.#selfLog.isOpen('bulk.failed')) return
    if (this.#waiting.troubled() > 0) return
    this.#selfLog.emit({
      code: 'bulk.recovered',
      fate: 'none',
      items: 0,
      bytes: 0,
      endpoint: endpoint(exchange),
    })
  }
}

function codeFor(decision: Decision): EventInput['code'] {
  switch (decision.health) {
    case 'access':
      return 'access.refused'
    case 'target':
      return 'target.refused'
    case 'well':
    case 'ill':
      return 'bulk.failed'
  }
}

/** How many documents of the batch, and where they went. */
function about({ batch, exchange }: Landing, documents: Iterable<number>) {
  let items = 0
  let bytes = 0
  for (const i of documents) {
    items++
    bytes += batch.bytesOf(i)
  }
  return { items, bytes, index: batch.index, endpoint: endpoint(exchange) }
}

function failureView(failure: Failure): NonNullable<EventInput['failure']> {
  const { code, phase, message, status } = failure
  return { code, phase, message, ...(status !== undefined && { status }) }
}

function endpoint(exchange: Exchange): NonNullable<EventInput['endpoint']> {
  const { node, address, socketReused } = exchange
  return { origin: node, socketReused, ...(address !== undefined && { address }) }
}
