import type { Random } from './platform.ts'

/**
 * How long to wait before try number `tries + 1`, in ms: full jitter over an exponential ceiling
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/), so that a thousand
 * processes that failed together do not come back together.
 * `tries` is 1 after the first failure; the ceiling is `minDelayMs` then, and doubles up to `maxDelayMs`.
 */
export function nextDelay(
  tries: number,
  bounds: { readonly minDelayMs: number; readonly maxDelayMs: number },
  random: Random,
): number {
  const ceiling = Math.min(bounds.maxDelayMs, bounds.minDelayMs * 2 ** Math.min(tries - 1, 30))
  return random() * ceiling
}
