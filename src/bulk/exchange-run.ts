import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import pRetry from 'p-retry'
import type { Batch } from '../core/batch.ts'
import type { Ask, Exchange, ExchangeFacts } from '../core/exchange.ts'
import { capReason } from '../core/failure.ts'
import type { Clock } from '../core/platform.ts'
import { Attempt } from './attempt.ts'
import { bulkQuery } from './bulk-query.ts'
import type { NodeClient } from './node-client.ts'
import type { NodeRing } from './node-ring.ts'
import { failedToConnect, isStale, shouldCool } from './quick-try.ts'
import { readAnswer } from './read-answer.ts'
import type { Redact } from './redact.ts'
import type { TryError } from './try-error.ts'
import { reasonOf, toTryError } from './try-error.ts'

const maxQuickTries = 2
/** Costs 4 times less CPU than the default level and saves nearly as much. */
const gzipLevel = 1
const compress = promisify<Buffer, { level: number }, Buffer>(gzip)

export interface ExchangeMeans {
  readonly nodes: readonly NodeClient[]
  readonly ring: NodeRing
  readonly clock: Clock
  readonly redact: Redact
  readonly responseMs: number
}

/** One exchange: a try, and at most two quick ones after it. */
export class ExchangeRun {
  readonly #means: ExchangeMeans
  readonly #batch: Batch
  readonly #ask: Ask
  readonly #signal: AbortSignal
  readonly #tried = new Set<number>()
  #body: Buffer | undefined
  #node: number
  #attempt: Attempt
  #earlierBodyStarted = false
  #earlierFailure: ExchangeFacts['earlierFailure']

  /** `signal` ends it from outside; its reason is a `TryError`. */
  constructor(means: ExchangeMeans, batch: Batch, ask: Ask, signal: AbortSignal) {
    this.#means = means
    this.#batch = batch
    this.#ask = ask
    this.#signal = signal
    this.#node = means.ring.next()
    this.#attempt = new Attempt(means.clock, means.responseMs)
  }

  /** Never rejects. */
  async run(): Promise<Exchange> {
    try {
      // Without a signal for p-retry: it throws a good answer away when that aborts meanwhile.
      return await pRetry((number) => this.#try(number), {
        retries: maxQuickTries,
        minTimeout: 0,
        factor: 1,
        shouldRetry: ({ error }) => this.#goesOn(toTryError(error, this.#attempt.phase)),
      })
    } catch (error) {
      return this.#broken(toTryError(error, this.#attempt.phase))
    }
  }

  async #try(number: number): Promise<Exchange> {
    const { clock, responseMs, redact, ring } = this.#means
    if (number > 1) {
      this.#earlierBodyStarted ||= this.#attempt.bodyStarted
      this.#attempt = new Attempt(clock, responseMs)
    }
    const attempt = this.#attempt
    // A copy may have been stored by the try before: its index tells.
    const withIndex = this.#ask.withIndex || this.#earlierBodyStarted
    try {
      const query = bulkQuery({ withIndex, omit: this.#ask.omit }, { responseMs })
      const reply = await this.#send(query, attempt)
      ring.worked(this.#node)
      const outcome = readAnswer(
        {
          status: reply.statusCode,
          headers: reply.headers,
          body: reply.body,
          truncated: attempt.truncated,
        },
        { count: this.#batch.count, withIndex, wallNowMs: clock.wallNow(), redact },
      )
      return { ...this.#facts(), ...outcome }
    } catch (error) {
      const why = this.#signal.aborted ? reasonOf(this.#signal) : toTryError(error, attempt.phase)
      this.#learn(why)
      throw why
    }
  }

  async #send(query: string, attempt: Attempt) {
    const { gzip: gzipped } = this.#ask
    this.#body ??= gzipped
      ? await compress(this.#batch.body, { level: gzipLevel })
      : this.#batch.body
    if (this.#signal.aborted) throw reasonOf(this.#signal)
    const node = this.#means.nodes[this.#node]
    if (node === undefined) throw new RangeError('no such node')
    return node.send({ query, body: this.#body, gzipped }, attempt, this.#signal)
  }

  /** What a failure says about the node and the other sockets to it. */
  #learn(error: TryError): void {
    const { nodes, ring } = this.#means
    this.#tried.add(this.#node)
    if (shouldCool(error, this.#attempt)) ring.cool(this.#node)
    if (error.timedOut || this.#signal.aborted || isStale(error, this.#attempt)) {
      nodes[this.#node]?.closeIdle()
    }
  }

  #goesOn(error: TryError): boolean {
    const goesOn = this.#findNext(error)
    if (goesOn) this.#earlierFailure = this.#describe(error)
    return goesOn
  }

  /** Whether a quick try may mend it; chooses the node for it. */
  #findNext(error: TryError): boolean {
    if (this.#signal.aborted) return false
    if (isStale(error, this.#attempt)) return true
    if (!failedToConnect(this.#attempt)) return false
    const next = this.#means.ring.nextFresh(this.#tried)
    if (next === undefined) return false
    this.#node = next
    return true
  }

  #facts(): ExchangeFacts {
    const { address, timings: phases, socketReused } = this.#attempt
    return {
      node: this.#means.nodes[this.#node]?.name ?? '',
      ...(address !== undefined && { address }),
      phases,
      socketReused,
      earlierBodyStarted: this.#earlierBodyStarted,
      ...(this.#earlierFailure && { earlierFailure: this.#earlierFailure }),
    }
  }

  #describe(error: TryError) {
    return {
      phase: error.phase ?? this.#attempt.phase,
      code: error.code,
      message: capReason(this.#means.redact(error.message)),
    }
  }

  #broken(error: TryError): Exchange {
    const { bodyStarted, status } = this.#attempt
    return {
      ...this.#facts(),
      ...this.#describe(error),
      kind: 'broken',
      bodyStarted,
      ...(status !== undefined && { status }),
    }
  }
}
