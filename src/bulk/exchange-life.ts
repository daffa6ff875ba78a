import { setMaxListeners } from 'node:events'
import type { Clock, Timer } from '../core/platform.ts'
import { TryError } from './try-error.ts'

/** What can end an exchange from outside, as one signal: the caller, the deadline for all of it, `close()`. */
export class ExchangeLife {
  readonly #controller = new AbortController()
  readonly #outer: AbortSignal
  readonly #clock: Clock
  readonly #timer: Timer
  readonly #onAbort = (): void => {
    this.cancel(new TryError('aborted', 'given up by the caller'))
  }

  constructor(outer: AbortSignal, totalMs: number, clock: Clock) {
    this.#outer = outer
    this.#clock = clock
    this.#timer = clock.setTimeout(() => {
      this.cancel(new TryError('total_timeout', `not done within ${totalMs} ms`))
    }, totalMs)
    // Any number of exchanges may share a signal; Node warns of a leak at the eleventh.
    setMaxListeners(0, outer)
    outer.addEventListener('abort', this.#onAbort, { once: true })
    if (outer.aborted) this.#onAbort()
  }

  /** Its reason is always a `TryError`. */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  cancel(error: TryError): void {
    this.#controller.abort(error)
  }

  /** Leaves nothing behind: no timer, no listener. */
  end(): void {
    this.#clock.clearTimeout(this.#timer)
    this.#outer.removeEventListener('abort', this.#onAbort)
  }
}
