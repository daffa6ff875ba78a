import type { Clock, Timer } from '../../src/core/platform.ts'

interface Alarm {
  readonly at: number
  readonly order: number
  readonly run: () => void
}

/** More timers than any test needs: whoever sets them in a circle is found out here. */
const mostFirings = 200_000

/** Resolves when every promise that could go on by itself has done so. */
export function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}

/** Time that passes only when a test says so. Timers fire in the order of their time, then of their making. */
export class ManualClock implements Clock {
  #now = 0
  #wallAtZero: number
  #made = 0
  #fired = 0
  readonly #alarms = new Set<Alarm>()

  /** `wallNow` is the wall clock at the beginning, in ms since 1970; default 2026-01-01. */
  constructor({ wallNow = 1_767_225_600_000 }: { wallNow?: number } = {}) {
    this.#wallAtZero = wallNow
  }

  /** Timers set and neither fired nor cleared. */
  get openTimers(): number {
    return this.#alarms.size
  }

  /** Timers that have fired. */
  get fired(): number {
    return this.#fired
  }

  now(): number {
    return this.#now
  }

  wallNow(): number {
    return this.#wallAtZero + this.#now
  }

  /** Sets the wall clock forward, or back. */
  jumpWall(byMs: number): void {
    this.#wallAtZero += byMs
  }

  setTimeout(run: () => void, delayMs: number): Timer {
    if (!(delayMs >= 0 && delayMs < 2 ** 31)) throw new RangeError(`a delay of ${delayMs} ms`)
    const alarm = { at: this.#now + delayMs, order: this.#made++, run }
    this.#alarms.add(alarm)
    return alarm
  }

  clearTimeout(timer: Timer | undefined): void {
    this.#alarms.delete(timer as Alarm)
  }

  /** Lets so much time pass; after each timer all promises go on before the next one fires. */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms
    await settled()
    for (let next = this.#next(until); next !== undefined; next = this.#next(until)) {
      if (++this.#fired > mostFirings) throw new Error('timers are set in a circle')
      this.#now = Math.max(this.#now, next.at)
      this.#alarms.delete(next)
      next.run()
      await settled()
    }
    this.#now = until
  }

  #next(until: number): Alarm | undefined {
    let next: Alarm | undefined
    for (const alarm of this.#alarms) {
      if (alarm.at > until) continue
      if (next === undefined || alarm.at < next.at) next = alarm
      else if (alarm.at === next.at && alarm.order < next.order) next = alarm
    }
    return next
  }
}
