import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { faultOf, resolved } from './resolving.ts'

describe('index', () => {
  const right = [
    'logs-pino-default',
    '.hidden',
    'a',
    'app-%{DATE}',
    '%{DATE}',
    'журнал',
    'x'.repeat(255),
    `${'x'.repeat(245)}%{DATE}`,
  ]
  for (const index of right) {
    it(`may be ${index}`, () => {
      assert.equal(resolved({ index }).index, index)
    })
  }

  const wrong: readonly [index: unknown, expected: RegExp][] = [
    ['', /not empty/],
    ['Logs', /^lower case$/],
    ['logs-%{date}', /no mark but %\{DATE\}/],
    ['-logs', /first character/],
    ['_logs', /first character/],
    ['+logs', /first character/],
    ['.', /'\.'/],
    ['..', /'\.\.'/],
    ['x'.repeat(256), /at most 255 bytes/],
    ['ж'.repeat(128), /at most 255 bytes/],
    [`${'x'.repeat(246)}%{DATE}`, /at most 255 bytes/],
    ['a-%{DATE}-%{DATE}', /at most once/],
    ['%{YEAR}', /no mark but/],
    ...[...'\\/*?"<>| ,#:\n'].map((sign): [string, RegExp] => [`a${sign}b`, /^no \\/]),
    [() => 'logs', /^the name/],
    [5, /^the name/],
  ]
  for (const [index, expected] of wrong) {
    it(`may not be ${JSON.stringify(index)}`, () => {
      const fault = faultOf({ index })
      assert.equal(fault.path, 'index')
      assert.match(fault.expected, expected)
    })
  }
})
