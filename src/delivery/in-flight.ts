import type { Batch } from '../core/batch.ts'
import type { Clock, Timer } from '../core/platform.ts'

/** A request on the wire. */
export interface Flight {
  readonly batch: Batch
  readonly probe: boolean
  /** Monotonic ms. */
  readonly startedAt: number
  readonly signal: AbortSignal
}

interface Entry {
  readonly abort: AbortController
  readonly slow: Timer
  turn: Promise<void> | undefined
  /** Given back once the request is slow. */
  hasSlot: boolean
}

/** Unanswered for so long, a request gives its slot back: it may never be answered. */
const slowAfterMs = 10_000
/** … but no more than so many times the limit are ever open. */
const mostOpenPerSlot = 3

/** The requests on the wire, and their slots. */
export class InFlight {
  readonly #clock: Clock
  readonly #onSlow: (flight: Flight) => void
  readonly #flights = new Map<Flight, Entry>()

  constructor(clock: Clock, onSlow: (flight: Flight) => void) {
    this.#clock = clock
    this.#onSlow = onSlow
  }

  get size(): number {
    return this.#flights.size
  }

  hasSlot(limit: number): boolean {
    let taken = 0
    for (const entry of this.#flights.values()) if (entry.hasSlot) taken++
    return taken < limit && this.#flights.size < limit * mostOpenPerSlot
  }

  /** Documents of requests that have been unanswered for long. */
  slowDocuments(): number {
    let count = 0
    for (const [flight, entry] of this.#flights) if (!entry.hasSlot) count += flight.batch.count
    return count
  }

  /**
   * A request has been answered. Ends those that began earlier, are slow, and went out for the first time: the
   * server lives, so their connections may be dead. What goes out again gets its full time.
   */
  overtake(by: Flight): void {
    for (const [flight, entry] of this.#flights) {
      if (entry.hasSlot || flight.startedAt >= by.startedAt) continue
      if (flight.batch.history.tries === 0) entry.abort.abort()
    }
  }

  start(batch: Batch, probe: boolean): Flight {
    const abort = new AbortController()
    const flight = { batch, probe, startedAt: this.#clock.now(), signal: abort.signal }
    const slow = this.#clock.setTimeout(() => {
      const entry = this.#flights.get(flight)
      if (entry === undefined) return
      entry.hasSlot = false
      this.#onSlow(flight)
    }, slowAfterMs)
    this.#flights.set(flight, { abort, slow, turn: undefined, hasSlot: true })
    return flight
  }

  /** The work that ends with the flight, to be waited for by `abort`. */
  track(flight: Flight, turn: Promise<void>): void {
    const entry = this.#flights.get(flight)
    if (entry !== undefined) entry.turn = turn
  }

  end(flight: Flight): void {
    this.#clock.clearTimeout(this.#flights.get(flight)?.slow)
    this.#flights.delete(flight)
  }

  /** Ends all of them, and waits until their turns are over. */
  async abort(): Promise<void> {
    const turns = [...this.#flights.values()].flatMap((entry) => {
      entry.abort.abort()
      return entry.turn ?? []
    })
    await Promise.all(turns)
  }
}
