import type { Random } from '../../src/core/platform.ts'
import { createSeededRandom } from '../../src/testing/seeded-random.ts'

/** Chance from a seed, with the few questions that tests ask. */
export interface Chance {
  readonly random: Random
  /** True in `p` of all cases. */
  happens(p: number): boolean
  /** A whole number, 0 ≤ n < `end`. */
  below(end: number): number
  pick<T>(list: readonly [T, ...T[]]): T
}

/** The same chances for the same seed. */
export function createChance(seed: number): Chance {
  const random = createSeededRandom(seed)
  const below = (end: number) => Math.floor(random() * end)
  return {
    random,
    happens: (p) => random() < p,
    below,
    pick: (list) => list[below(list.length)] ?? list[0],
  }
}
