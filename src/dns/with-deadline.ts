import type { Clock } from '../core/platform.ts'

/** What `promise` gives, or undefined once `ms` have passed. `promise` must not reject. */
export function withDeadline<T>(
  promise: Promise<T>,
  ms: number,
  clock: Clock,
): Promise<T | undefined> {
  return new Promise((resolve) => {
    const timer = clock.setTimeout(() => resolve(undefined), ms)
    promise.then(
      (value) => {
        clock.clearTimeout(timer)
        resolve(value)
      },
      () => resolve(undefined),
    )
  })
}
