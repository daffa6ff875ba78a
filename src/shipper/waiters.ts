import type { Clock } from '../core/platform.ts'

interface Waiter {
  readonly barrier: number
  readonly resolve: (remaining: number) => void
}

/** Those who wait until every line up to a barrier has its fate. */
export class Waiters {
  readonly #clock: Clock
  readonly #hold: () => () => void
  readonly #queue: { pendingUpTo(sequence: number): number }
  readonly #waiters = new Set<Waiter>()

  /** `hold` keeps the process alive until what it gives is called. */
  constructor(
    clock: Clock,
    hold: () => () => void,
    queue: { pendingUpTo(sequence: number): number },
  ) {
    this.#clock = clock
    this.#hold = hold
    this.#queue = queue
  }

  /** Resolves to 0 when nothing up to `barrier` waits any more, at the deadline to the number of lines that do. */
  async until(barrier: number, timeoutMs: number): Promise<number> {
    if (this.#queue.pendingUpTo(barrier) === 0) return 0
    const release = this.#hold()
    const remaining = await new Promise<number>((resolve) => {
      const waiter = { barrier, resolve }
      this.#waiters.add(waiter)
      const timer = this.#clock.setTimeout(() => {
        this.#settle(waiter, this.#queue.pendingUpTo(barrier))
      }, timeoutMs)
      waiter.resolve = (left) => {
        this.#clock.clearTimeout(timer)
        resolve(left)
      }
    })
    release()
    return remaining
  }

  /** To be called whenever lines may have got their fate. */
  look(): void {
    for (const waiter of this.#waiters) {
      if (this.#queue.pendingUpTo(waiter.barrier) === 0) this.#settle(waiter, 0)
    }
  }

  #settle(waiter: Waiter, remaining: number): void {
    if (this.#waiters.delete(waiter)) waiter.resolve(remaining)
  }
}
