import type { Check } from './check.ts'
import { right, wrong } from './check.ts'
import { kindOf } from './show-value.ts'

/** Refuses an option that is planned: ignoring it in silence would promise what nothing keeps. */
export function notAvailableYet<const A = never>(...accepted: readonly A[]): Check<A> {
  const only = accepted.map((value) => (typeof value === 'string' ? `'${value}'` : String(value)))
  const expected =
    only.length === 0
      ? 'nothing: it is not available yet'
      : `${only.join(' or ')}: anything else is not available yet`
  return (value, path) => {
    const found = accepted.find((candidate) => candidate === value)
    return found === undefined ? wrong(path, expected, kindOf(value)) : right(found)
  }
}
