import { editDistance } from './edit-distance.ts'
import { bareName } from './foreign-names.ts'

/** Longer names are nobody's typing error. */
const maxNameLength = 40

/**
 * The name of `known` that was most likely meant by `name`: the same but for case, `-` and `_`, or at most one edit for
 * every three characters away, and never more than three. Undefined if there is none.
 */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  if (name.length > maxNameLength) return undefined
  const bare = bareName(name)
  const bound = Math.min(3, Math.ceil(bare.length / 3))
  let nearest: string | undefined
  let least = bound + 1
  for (const candidate of known) {
    const distance = editDistance(bare, bareName(candidate))
    if (distance < least) {
      nearest = candidate
      least = distance
    }
  }
  return nearest
}
