import type { Check } from './check.ts'
import { right, wrong } from './check.ts'
import { givenOf } from './plain-data.ts'
import { anyOf, kindOf, showCount, showHidden, showName, showValue } from './show-value.ts'

/** True or false. */
export const flag: Check<boolean> = (value, path) =>
  typeof value === 'boolean' ? right(value) : wrong(path, 'true or false', showValue(value))

/** A whole number of `units` from `min` to `max`, both included. Numbers in quotes are refused. */
export function wholeNumber(units: string, min: number, max: number): Check<number> {
  const range =
    max === Number.MAX_SAFE_INTEGER
      ? `, ${showCount(min)} or more`
      : ` from ${showCount(min)} to ${showCount(max)}`
  const expected = `a whole number${units && ` of ${units}`}${range}`
  return (value, path) => {
    if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) {
      return right(value)
    }
    const quoted = typeof value === 'string' && /^\s*\d+\s*$/.test(value)
    return wrong(path, quoted ? `${expected}, without quotes` : expected, showValue(value))
  }
}

/** One of the words given. `advice` is for words of other libraries. */
export function oneOf<const W extends string>(
  words: readonly W[],
  advice: (value: unknown) => string | undefined = () => undefined,
): Check<W> {
  const quoted = anyOf(words.map((word) => `'${word}'`))
  return (value, path) => {
    const word = words.find((candidate) => candidate === value)
    if (word !== undefined) return right(word)
    const extra = advice(value)
    return wrong(path, extra === undefined ? quoted : `${quoted} (${extra})`, showValue(value))
  }
}

const control = /\p{Cc}/u

/** Text of at least one and at most 1,024 characters, no control characters. */
export function text(what: string): Check<string> {
  return (value, path) =>
    typeof value === 'string' && value.trim() !== '' && value.length <= 1024 && !control.test(value)
      ? right(value)
      : wrong(path, what, showValue(value))
}

/** Text that is never shown, and matches `pattern`. */
export function secret(what: string, pattern: RegExp): Check<string> {
  return (value, path) =>
    typeof value === 'string' && pattern.test(value)
      ? right(value)
      : wrong(path, what, showHidden(value))
}

/** An array of 1 to `most` values that `check` likes. */
export function list<T>(what: string, check: Check<T>, most: number): Check<readonly T[]> {
  return (value, path) => {
    if (!Array.isArray(value) || value.length === 0 || value.length > most) {
      return wrong(path, what, showValue(value))
    }
    const checked = Array.from(value as readonly unknown[], (entry, i) =>
      check(entry, `${path}[${i}]`),
    )
    return {
      value: checked.flatMap(({ value: entry }) => (entry === undefined ? [] : [entry])),
      faults: checked.flatMap(({ faults }) => faults),
    }
  }
}

/** Names that the user chooses, each with a value that `check` likes. */
export function dictionary<T>(what: string, check: Check<T>): Check<Readonly<Record<string, T>>> {
  return (value, path) => {
    const given = givenOf(value)
    if (given === undefined) return wrong(path, what, kindOf(value))
    const checked = [...given].map(
      ([name, entry]) => [name, check(entry, `${path}.${showName(name)}`)] as const,
    )
    const sound = checked.flatMap(([name, { value: entry }]) =>
      entry === undefined ? [] : [[name, entry] as const],
    )
    return {
      value: Object.fromEntries(sound),
      faults: checked.flatMap(([, { faults }]) => faults),
    }
  }
}
