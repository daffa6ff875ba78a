import type { Batch, History } from '../../src/core/batch.ts'
import type { Ask, Bulk, Exchange } from '../../src/core/exchange.ts'
import type { Clock } from '../../src/core/platform.ts'
import { broken } from './exchanges.ts'

/** One request that was made, copied: a batch is only good until it is given back. */
export interface Sent {
  readonly index: string
  readonly ids: readonly string[]
  readonly lines: readonly string[]
  readonly bytes: number
  readonly history: History
  readonly ask: Ask
  /** When, monotonic ms. */
  readonly at: number
  /** Answers a request that hangs. */
  answer(exchange: Exchange): void
}

/** `hang`: no answer until the test gives one, or the request is ended. */
export type Reply = Exchange | 'hang'

/** Answers in this order, the last one for ever; or one for each request (`n` counts from 0). */
export type Script = readonly Reply[] | ((sent: Sent, n: number) => Reply)

/** More than any test needs: whoever sends in a circle is found out here. */
const mostRequests = 20_000

/** A server that says what the test wants, and keeps what it was sent. */
export class ScriptedBulk implements Bulk {
  script: Script
  /** Whether bytes of a request that is ended had left. */
  abortedBodyStarted = true
  readonly sent: Sent[] = []
  readonly #clock: Pick<Clock, 'now'>
  /** The most requests that were ever open at once. */
  mostOpen = 0
  #open = 0

  constructor(script: Script, clock: Pick<Clock, 'now'>) {
    this.script = script
    this.#clock = clock
  }

  get open(): number {
    return this.#open
  }

  /** How many documents each request had. */
  get counts(): readonly number[] {
    return this.sent.map(({ ids }) => ids.length)
  }

  get last(): Sent {
    const last = this.sent.at(-1)
    if (last === undefined) throw new Error('nothing was sent')
    return last
  }

  async exchange(batch: Batch, ask: Ask, signal: AbortSignal): Promise<Exchange> {
    const { promise, resolve } = openPromise<Exchange>()
    const sent = record(batch, ask, this.#clock.now(), resolve)
    this.sent.push(sent)
    if (this.sent.length > mostRequests) throw new Error('requests are sent in a circle')
    this.#open++
    this.mostOpen = Math.max(this.mostOpen, this.#open)
    signal.addEventListener('abort', () => {
      resolve(broken('aborted', { bodyStarted: this.abortedBodyStarted }))
    })
    const reply = this.#reply(sent)
    if (reply !== 'hang') resolve(reply)
    const exchange = await promise
    this.#open--
    return exchange
  }

  close(): Promise<void> {
    return Promise.resolve()
  }

  #reply(sent: Sent): Reply {
    const n = this.sent.length - 1
    if (typeof this.script === 'function') return this.script(sent, n)
    return this.script[n] ?? this.script.at(-1) ?? 'hang'
  }
}

function record(batch: Batch, ask: Ask, at: number, answer: (exchange: Exchange) => void): Sent {
  const all = Array.from({ length: batch.count }, (_, i) => i)
  return {
    index: batch.index,
    ids: all.map((i) => batch.id(i)),
    lines: all.map((i) => batch.line(i).toString()),
    bytes: batch.body.length,
    history: batch.history,
    ask,
    at,
    answer,
  }
}

function openPromise<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {}
  const promise = new Promise<T>((fulfil) => {
    resolve = fulfil
  })
  return { promise, resolve }
}
