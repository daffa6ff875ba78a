import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { phases } from '../../src/core/failure.ts'
import { dropReasons } from '../../src/core/ledger.ts'
import { eventCodes } from '../../src/core/self-log-event.ts'

const readme = readFileSync('README.md', 'utf8')

/** The sources of a room, in one text. */
function sourceOf(room: string): string {
  return readdirSync(join('src', room), { encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join('src', room, file), 'utf8'))
    .join('\n')
}

function wordsIn(text: string, pattern: RegExp): readonly string[] {
  return [...text.matchAll(pattern)].map((match) => match[1] ?? '')
}

/** Failure codes that are our own words: neither Node's nor Elasticsearch's. */
function failureCodes(): readonly string[] {
  const bulk = sourceOf('bulk')
  const others = ['delivery', 'shipper'].map(sourceOf).join('\n')
  const found = [
    ...wordsIn(bulk, /'([a-z]+(?:_[a-z]+)+)'/g),
    ...wordsIn(bulk, /new TryError\(\s*'([a-z_]+)'/g),
    ...wordsIn(others, /\bcode: '([a-z_]+)'/g),
  ]
  const codes = found.filter((word) => word !== 'filter_path' && !word.endsWith('_exception'))
  return [...new Set(codes)].sort()
}

function errorCodes(): readonly string[] {
  const rooms = readdirSync('src', { withFileTypes: true }).filter((entry) => entry.isDirectory())
  const found = rooms.flatMap(({ name }) => wordsIn(sourceOf(name), /'(ERR_LOUDSINK_[A-Z_]+)'/g))
  return [...new Set(found)].sort()
}

/** Words that are API: programs and alerts are built on them. */
const vocabulary = {
  'event code': eventCodes,
  'drop reason': dropReasons,
  'failure code': failureCodes(),
  phase: phases,
  'error code': errorCodes(),
}

describe('README.md', () => {
  it('is held against codes that exist', () => {
    const failures = vocabulary['failure code']
    for (const code of ['dns_timeout', 'aborted', 'bad_answer', 'module_not_loaded']) {
      assert.ok(failures.includes(code), `${code} was not found in the sources`)
    }
    assert.ok(vocabulary['error code'].includes('ERR_LOUDSINK_OPTIONS'))
  })

  for (const [kind, words] of Object.entries(vocabulary)) {
    it(`names each ${kind}`, () => {
      const written = (word: string): boolean =>
        new RegExp(`(?:^|[\\s\`|])${word.replace('.', '\\.')}(?:$|[\\s\`|,.:)])`, 'm').test(readme)
      assert.deepEqual(
        words.filter((word) => !written(word)),
        [],
      )
    })
  }
})
