import { performance } from 'node:perf_hooks'
import type { Rcode } from './answer-question.ts'
import type { DnsFaultKind } from './dns-fault.ts'

/** Whom a query came from. */
export interface QuerySource {
  readonly transport: 'udp' | 'tcp'
  readonly sourceAddress: string
  readonly sourcePort: number
}

/**
 * What became of a query. `waiting`: its answer is delayed. `answered`: sent, right or wrong. `dropped`: never
 * looked at. `answer-lost`: answered, and the answer lost on its way. `unsent`: the server went down before.
 */
export type QueryOutcome = 'waiting' | 'answered' | 'dropped' | 'answer-lost' | 'unsent'

/** One query that came in. */
export interface RecordedQuery extends QuerySource {
  /** From 1, in the order of arrival. */
  readonly number: number
  /** When it came, in ms since the server was created. */
  readonly at: number
  readonly id: number
  /** As it came; `''` where it could not be read. */
  readonly name: string
  /** `A`, `AAAA`, `UNKNOWN_65` … */
  readonly type: string
  /** The payload size that the client offered (EDNS); undefined without. */
  readonly udpPayloadSize: number | undefined
  /** What was played. Of several at once the one that decided most: what was lost or answered, then `ttl`, then `delay`. */
  readonly fault: DnsFaultKind | undefined
  /** So many ms the answer waited, by a fault. */
  readonly delayMs: number
  readonly outcome: QueryOutcome
  /** Of the answer; undefined where there was none, and for garbage. */
  readonly rcode: Rcode | undefined
  /** Records in its answer section. */
  readonly records: number
  readonly isTruncated: boolean
}

/** A record whose outcome may still change. */
export type OpenQuery = Omit<RecordedQuery, 'outcome'> & { outcome: QueryOutcome }

/** The queries of a server, the newest `keep` of them. */
export class QueryLog {
  readonly #keep: number
  readonly #onChange: () => void
  readonly #startedAt = performance.now()
  #queries: OpenQuery[] = []
  #number = 0

  constructor(keep: number, onChange: () => void) {
    this.#keep = keep
    this.#onChange = onChange
  }

  get queries(): readonly RecordedQuery[] {
    return this.#queries
  }

  /** All that ever came. */
  get total(): number {
    return this.#number
  }

  /** Records a query before its sender can learn of it. */
  add(query: Omit<OpenQuery, 'number' | 'at'>): OpenQuery {
    const at = performance.now() - this.#startedAt
    const open: OpenQuery = { number: ++this.#number, at, ...query }
    this.#queries.push(open)
    if (this.#queries.length > this.#keep) this.#queries.shift()
    this.#onChange()
    return open
  }

  settle(query: OpenQuery, outcome: QueryOutcome): void {
    query.outcome = outcome
    this.#onChange()
  }

  /** Forgets all; the numbers go on. */
  clear(): void {
    this.#queries = []
  }
}
