import type { Batch } from '../../src/core/batch.ts'
import type { Ask, Bulk, Exchange, ItemAnswer } from '../../src/core/exchange.ts'
import { answered, broken, refused } from './exchanges.ts'
import type { ManualClock } from './manual-clock.ts'
import type { Chance } from './seeded-random.ts'

/** What goes wrong for a while; each request that comes in this time is struck with the chance `p`. */
export interface Fault {
  readonly kind:
    | 'no_connection'
    | 'hang'
    | 'store_and_hang'
    | 'store_and_break'
    | 'unavailable'
    | 'too_many'
    | 'unauthorized'
    | 'not_found'
    | 'items_rejected'
    | 'index_missing'
  readonly atMs: number
  readonly forMs: number
  readonly p: number
}

export interface ServerRules {
  readonly faults: readonly Fault[]
  /** A larger body is refused as a whole, 413. */
  readonly maxBodyBytes: number
  readonly chance: Chance
}

const malformed: ItemAnswer = {
  status: 400,
  type: 'document_parsing_exception',
  causes: ['document_parsing_exception', 'x_content_parse_exception'],
}

/**
 * A server that creates documents by id and fails as it is told. A line with `"bad":"poison"` has the whole request
 * refused, `misfit` and `malformed` only itself; those faults never end.
 */
export class ModelServer implements Bulk {
  /** What was created: id to line. */
  readonly stored = new Map<string, string>()
  /** Every id that was ever sent, with the line it was first sent with. */
  readonly seen = new Map<string, string>()
  open = 0
  mostOpen = 0
  readonly #rules: ServerRules
  readonly #clock: ManualClock

  constructor(rules: ServerRules, clock: ManualClock) {
    this.#rules = rules
    this.#clock = clock
  }

  async exchange(batch: Batch, ask: Ask, signal: AbortSignal): Promise<Exchange> {
    this.open++
    this.mostOpen = Math.max(this.mostOpen, this.open)
    const fault = this.#struckBy()
    if (fault?.kind !== 'no_connection') this.#see(batch)
    const exchange = fault === undefined ? this.#serve(batch) : this.#fail(fault, batch)
    const { chance } = this.#rules
    const hangs = fault?.kind === 'hang' || fault?.kind === 'store_and_hang'
    const afterMs = hangs ? (ask.probe ? 10_000 : 30_000) : chance.below(50)
    const outcome = await this.#later(exchange, afterMs, signal)
    this.open--
    return outcome
  }

  close(): Promise<void> {
    return Promise.resolve()
  }

  #see(batch: Batch): void {
    for (let i = 0; i < batch.count; i++) {
      const id = batch.id(i)
      if (!this.seen.has(id)) this.seen.set(id, batch.line(i).toString())
    }
  }

  #struckBy(): Fault | undefined {
    const now = this.#clock.now()
    const { faults, chance } = this.#rules
    return faults.find(
      ({ atMs, forMs, p }) => atMs <= now && now < atMs + forMs && chance.happens(p),
    )
  }

  #fail(fault: Fault, batch: Batch): Exchange {
    const sent = { bodyStarted: true, phase: 'wait' } as const
    const { chance } = this.#rules
    switch (fault.kind) {
      case 'no_connection':
        return broken('ECONNREFUSED')
      case 'store_and_hang':
        this.#serve(batch)
        return broken('response_timeout', sent)
      case 'hang':
        return broken('response_timeout', sent)
      case 'store_and_break':
        this.#serve(batch)
        return broken('ECONNRESET', sent)
      case 'unavailable':
        if (chance.happens(0.5)) this.#serve(batch)
        return refused(503)
      case 'too_many':
        return refused(429, { retryAfterMs: 1000 * chance.below(4) })
      case 'unauthorized':
        return refused(401)
      case 'not_found':
        return refused(404)
      case 'items_rejected':
        return this.#serve(batch, () =>
          chance.happens(0.5) ? { status: chance.pick([429, 503]) } : undefined,
        )
      case 'index_missing':
        if (batch.index !== 'logs-a') return this.#serve(batch)
        return this.#serve(batch, () => ({ status: 404, type: 'index_not_found_exception' }))
    }
  }

  #serve(batch: Batch, reject: () => ItemAnswer | undefined = () => undefined): Exchange {
    if (batch.body.length > this.#rules.maxBodyBytes) return refused(413, { reason: '' })
    const lines = Array.from({ length: batch.count }, (_, i) => batch.line(i).toString())
    if (lines.some((line) => line.includes('"poison"'))) return refused(400)
    return answered(lines.map((line, i) => reject() ?? this.#create(batch.id(i), line)))
  }

  #create(id: string, line: string): ItemAnswer {
    if (line.includes('"misfit"')) return { status: 400, type: 'strict_dynamic_mapping_exception' }
    if (/"malformed"|"beyond_repair"/.test(line)) return malformed
    if (this.stored.has(id)) return { status: 409 }
    this.stored.set(id, line)
    return { status: 201 }
  }

  /** The true answer still wins at times when the request is ended in the same moment. */
  #later(exchange: Exchange, afterMs: number, signal: AbortSignal): Promise<Exchange> {
    return new Promise((resolve) => {
      const timer = this.#clock.setTimeout(() => resolve(exchange), afterMs)
      signal.addEventListener('abort', () => {
        this.#clock.clearTimeout(timer)
        const wins = this.#rules.chance.happens(0.3)
        resolve(wins ? exchange : broken('aborted', { bodyStarted: true, phase: 'wait' }))
      })
    })
  }
}
