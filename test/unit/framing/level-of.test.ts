import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createLevelOf } from '../../../src/framing/index.ts'

describe('the level of a document', () => {
  const names = { levelKey: 'level', levels: { verbose: 25 } }
  const cases: readonly (readonly [document: string, level: string])[] = [
    ['{"@timestamp":"2026-01-02T03:04:05Z","level":30,"msg":"x"}', 'info'],
    ['{"level":25}', 'verbose'],
    ['{"level":35}', '35'],
    ['{"level":-1}', '-1'],
    ['{"level":"warn"}', 'warn'],
    ['{"log.level":"error","level":30}', 'error'],
    ['{"a":{"level":60},"b":"\\"level\\":60","level":40}', 'warn'],
    ['{"a":{"level":60}}', 'none'],
    ['{"level":null}', 'none'],
    ['{"level":{}}', 'none'],
    ['{"level":""}', 'none'],
    ['{"@timestamp":"2026-01-02T03:04:05Z","message":"plain"}', 'none'],
    ['{}', 'none'],
    ['', 'none'],
    ['plain', 'none'],
    ['{"level":', 'none'],
    ['{"level"', 'none'],
    ['{"level":"war', 'none'],
    ['{"a" 1,"level":30}', 'none'],
  ]
  for (const [document, level] of cases) {
    it(`is ${level} for ${document === '' ? 'nothing' : document}`, () =>
      assert.equal(createLevelOf(names)(Buffer.from(document)), level))
  }

  it('is looked for under the key given', () => {
    const line = Buffer.from('{"level":10,"severity":50}')
    assert.equal(createLevelOf({ levelKey: 'severity' })(line), 'error')
  })

  it('is only looked for near the start', () => {
    const many = Array.from({ length: 100 }, (_, i) => `"k${i}":${i}`).join(',')
    assert.equal(createLevelOf(names)(Buffer.from(`{${many},"level":30}`)), 'none')
  })

  it('is never longer than 64 bytes', () => {
    const line = Buffer.from(JSON.stringify({ level: 'x'.repeat(1000) }))
    assert.equal(createLevelOf(names)(line), 'x'.repeat(64))
  })
})
