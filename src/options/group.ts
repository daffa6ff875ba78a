import type { Check, Checked } from './check.ts'
import { wrong } from './check.ts'
import { nearestName } from './nearest-name.ts'
import { givenOf } from './plain-data.ts'
import { anyOf, kindOf, showName } from './show-value.ts'

/** Name → how its value is judged. */
export type Table = Readonly<Record<string, Check<unknown>>>

/** What a table lets through; a name is missing where it was not given, or wrong. */
export type Values<T extends Table> = {
  readonly [N in keyof T]?: T[N] extends Check<infer V> ? V : never
}

/** What serves the purpose of an unknown name, in words; undefined if there is no telling. */
export type Advise = (name: string) => string | undefined

function hintAt(name: string, known: readonly string[], advise?: Advise): string {
  const advice = advise?.(name)
  if (advice !== undefined) return `; for this there is ${advice}`
  const nearest = nearestName(name, known)
  if (nearest !== undefined) return `; the nearest is ${nearest}`
  return known.length <= 12 ? `: ${anyOf(known)}` : ''
}

/** An object with the names of `table` and no others. Its value holds what is right even where something is wrong. */
export function group<const T extends Table>(table: T, advise?: Advise): Check<Values<T>> {
  const checks = new Map(Object.entries(table))
  const known = [...checks.keys()]
  const unknownName = (name: string): Check<never> => {
    const expected = `a known name${hintAt(name, known, advise)}`
    return (_, path) => wrong(path, expected, 'an unknown one')
  }
  return (value, path): Checked<Values<T>> => {
    const given = givenOf(value)
    if (given === undefined) return wrong(path, `an object with ${anyOf(known)}`, kindOf(value))
    const judged = [...given].map(([name, entry]) => {
      const at = path === '' ? showName(name) : `${path}.${showName(name)}`
      const check = checks.get(name) ?? unknownName(name)
      return [name, check(entry, at)] as const
    })
    const values = judged.flatMap(([name, { value: sound }]) =>
      sound === undefined ? [] : [[name, sound] as const],
    )
    const faults = judged.flatMap(([, checked]) => checked.faults)
    return { value: Object.fromEntries(values) as Values<T>, faults }
  }
}
