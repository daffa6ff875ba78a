/**
 * How many requests may be in flight: additive increase, multiplicative decrease
 * (https://en.wikipedia.org/wiki/Additive_increase/multiplicative_decrease). Starts at 1.
 */
export class Limit {
  readonly #max: number
  #limit = 1
  #goodInARow = 0
  #lastCutAt = Number.NEGATIVE_INFINITY

  constructor(max: number) {
    this.#max = max
  }

  get value(): number {
    return this.#limit
  }

  /** A good answer while more work was waiting. */
  raise(): void {
    this.#goodInARow++
    if (this.#goodInARow < this.#limit || this.#limit >= this.#max) return
    this.#limit++
    this.#goodInARow = 0
  }

  /**
   * A 429, a timeout, or no answer for too long, to a request that began at `startedAt`. Halves the limit at
   * most once a round trip: what was under way at the last cut says nothing new.
   */
  cut(startedAt: number, now: number): void {
    this.#goodInARow = 0
    if (startedAt < this.#lastCutAt) return
    this.#limit = Math.max(1, Math.floor(this.#limit / 2))
    this.#lastCutAt = now
  }
}
