import type { Check } from './check.ts'
import { right, wrong } from './check.ts'
import { showValue } from './show-value.ts'

/** Becomes the UTC day of the line, `2026-01-31`. */
const dateMark = '%{DATE}'
const maxNameBytes = 255

/**
 * Elasticsearch's rules, and that no mark is left unfilled
 * (https://github.com/elastic/elasticsearch, `MetadataCreateIndexService.validateIndexOrAliasName`).
 */
const rules: readonly (readonly [expected: string, isBroken: (name: string) => boolean])[] = [
  ['a name that is not empty', (name) => name === ''],
  [`no mark but ${dateMark}`, (name) => name.includes('%{')],
  ['lower case', (name) => name !== name.toLowerCase()],
  [
    'no \\ / * ? " < > | space , # : and no control character',
    (name) => /[\\/*?"<>|\s,#:\p{Cc}]/u.test(name),
  ],
  ["another first character than '-', '_' or '+'", (name) => /^[-_+]/.test(name)],
  ["another name than '.' and '..'", (name) => name === '.' || name === '..'],
  [`at most ${maxNameBytes} bytes`, (name) => Buffer.byteLength(name) > maxNameBytes],
]

/** The name of a data stream or index, `%{DATE}` allowed in it once. */
export const checkIndexName: Check<string> = (value, path) => {
  if (typeof value !== 'string') {
    return wrong(path, 'the name of a data stream or index', showValue(value))
  }
  const [before = '', ...after] = value.split(dateMark)
  if (after.length > 1) return wrong(path, `${dateMark} at most once`, showValue(value))
  const filled = [before, ...after].join('2026-01-31')
  const broken = rules.find(([, isBroken]) => isBroken(filled))
  return broken === undefined ? right(value) : wrong(path, broken[0], showValue(value))
}
