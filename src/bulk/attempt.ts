import type { PhaseTimings } from '../core/exchange.ts'
import type { Clock } from '../core/platform.ts'

/** The phases that one try goes through, in this order. */
export type TryPhase = 'dns' | 'connect' | 'tls' | 'write' | 'wait' | 'read'

/**
 * What is known of one try, written down while it goes on: how far it got and how long each phase took. It
 * travels through the Elastic client as the request's `context`, so that nothing is lost when the try fails.
 */
export class Attempt {
  /** `ip:port` of the peer. */
  address: string | undefined
  socketReused = false
  /** A byte of the body was handed to a socket. */
  bodyStarted = false
  /** HTTP status, from the moment when the head of the answer is in. */
  status: number | undefined
  /** A byte of an answer came in, perhaps less than a head. */
  answerStarted = false
  /** The answer's body ended before its end. */
  truncated = false
  readonly responseMs: number
  readonly #clock: Clock
  readonly #spentMs: Record<TryPhase, number> = {
    dns: 0,
    connect: 0,
    tls: 0,
    write: 0,
    wait: 0,
    read: 0,
  }
  #phase: TryPhase = 'connect'
  #since: number | undefined

  constructor(clock: Clock, responseMs: number) {
    this.#clock = clock
    this.responseMs = responseMs
  }

  /** How far it got; `connect` before anything has happened. */
  get phase(): TryPhase {
    return this.#phase
  }

  enter(phase: TryPhase): void {
    this.pause()
    this.#phase = phase
    this.#since = this.#clock.now()
  }

  /** Stops the watch until the next phase. */
  pause(): void {
    if (this.#since === undefined) return
    this.#spentMs[this.#phase] += this.#clock.now() - this.#since
    this.#since = undefined
  }

  get timings(): PhaseTimings {
    const spent = this.#spentMs
    return {
      dnsMs: spent.dns,
      connectMs: spent.connect,
      tlsMs: spent.tls,
      writeMs: spent.write,
      waitMs: spent.wait,
      readMs: spent.read,
    }
  }
}
