import type { Clock, Timer } from '../../src/core/platform.ts'

/**
 * The machine's clock, which a test can put forward. Timers that are running do not notice. Unlike the real one's
 * they keep the process alive: a test often waits for nothing else.
 */
export class ShiftedClock implements Clock {
  #aheadMs = 0
  readonly #timers = new Set<object>()

  /** Timers set and neither fired nor cleared. */
  get openTimers(): number {
    return this.#timers.size
  }

  skip(ms: number): void {
    this.#aheadMs += ms
  }

  now(): number {
    return performance.now() + this.#aheadMs
  }

  wallNow(): number {
    return Date.now() + this.#aheadMs
  }

  setTimeout(run: () => void, delayMs: number): Timer {
    const timer: NodeJS.Timeout = setTimeout(() => {
      this.#timers.delete(timer)
      run()
    }, delayMs)
    this.#timers.add(timer)
    return timer
  }

  clearTimeout(timer: Timer | undefined): void {
    if (timer === undefined) return
    this.#timers.delete(timer)
    clearTimeout(timer as NodeJS.Timeout)
  }
}
