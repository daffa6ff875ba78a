import { performance } from 'node:perf_hooks'

interface Waiter {
  look(): void
}

/** For what changes without an event of ours. */
const pollMs = 20

/** Promises that wait until something is true, looked at on each change. */
export class WaitList {
  readonly #waiters = new Set<Waiter>()

  /** Something changed: every waiter looks. */
  notify(): void {
    for (const waiter of this.#waiters) waiter.look()
  }

  /**
   * Resolves when `isTrue` is; rejects after `timeoutMs` with `describe()` in the message, or with what
   * `isTrue` throws.
   */
  wait(isTrue: () => boolean, timeoutMs: number, describe: () => string): Promise<void> {
    return new Promise((resolve, reject) => {
      const deadline = performance.now() + timeoutMs
      const settle = (act: () => void): void => {
        clearInterval(timer)
        this.#waiters.delete(waiter)
        act()
      }
      const look = (): void => {
        try {
          if (isTrue()) settle(resolve)
          else if (performance.now() >= deadline) {
            const message = `waited ${timeoutMs} ms in vain: ${describe()}`
            settle(() => reject(new Error(message)))
          }
        } catch (error) {
          settle(() => reject(error instanceof Error ? error : new Error(String(error))))
        }
      }
      const waiter: Waiter = { look }
      const timer = setInterval(look, pollMs)
      this.#waiters.add(waiter)
      look()
    })
  }
}
