import type { StoredDocument } from './document-store.ts'
import type { Json } from './json.ts'
import { valuesAt } from './json.ts'

/** A value of the field by which the documents are told apart. */
export type OracleValue = string | number | boolean

export interface OracleOptions {
  /** The field that is different in every line. `a.b` for nested ones. Default `seq`. */
  readonly field?: string
  /** How many lines were logged, numbered upward from `from`; or the values themselves. */
  readonly expected?: number | Iterable<OracleValue>
  /** The first number. Default 0. */
  readonly from?: number
  /** The last number, instead of `expected`. */
  readonly to?: number
  /** Only this index or data stream; `*` is a wildcard. Default: all. */
  readonly index?: string
}

/** What became of the lines, as the server sees it. */
export interface OracleReport {
  /** How many different values were expected. */
  readonly expected: number
  /** How many of them are stored, once or more. */
  readonly stored: number
  /** Those that are not stored. */
  readonly lost: readonly OracleValue[]
  /** Those that are stored more than once, under two ids or in two indices. */
  readonly copies: readonly OracleValue[]
  /** Documents that hold no expected value. */
  readonly unknown: number
}

/** Compares the stored documents with what should be there. Throws TypeError when that is not said. */
export function consultOracle(
  documents: Iterable<StoredDocument>,
  options: OracleOptions,
): OracleReport {
  const times = new Map<Json, number>()
  for (const value of expectedValues(options)) times.set(value, 0)
  let unknown = 0
  for (const { source } of documents) {
    const value = valuesAt(source, options.field ?? 'seq').find((v) => times.has(v))
    if (value === undefined) unknown++
    else times.set(value, (times.get(value) ?? 0) + 1)
  }
  const lost: OracleValue[] = []
  const copies: OracleValue[] = []
  for (const [value, count] of times as Map<OracleValue, number>) {
    if (count === 0) lost.push(value)
    if (count > 1) copies.push(value)
  }
  return { expected: times.size, stored: times.size - lost.length, lost, copies, unknown }
}

function expectedValues(options: OracleOptions): Iterable<OracleValue> {
  const { expected, from = 0, to } = options
  if (typeof expected === 'object' || typeof expected === 'string') return expected
  const count = expected ?? (to === undefined ? undefined : to - from + 1)
  if (count === undefined) throw new TypeError('oracle needs `expected` or `to`')
  return Array.from({ length: count }, (_, i) => from + i)
}
