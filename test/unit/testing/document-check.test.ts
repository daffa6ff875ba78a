import assert from 'node:assert/strict'
import { performance } from 'node:perf_hooks'
import { describe, it } from 'node:test'
import type { DocumentCheck } from '../../../src/testing/document-check.ts'
import { checkDocument } from '../../../src/testing/document-check.ts'

const plain = { mappings: {}, dataStream: false }
const facts = { id: 'x', quoteSource: true }
const check = (
  text: string | Buffer,
  rules: Parameters<typeof checkDocument>[1] = plain,
): DocumentCheck => checkDocument(Buffer.from(text), rules, facts)
const reason = (text: string | Buffer, rules?: Parameters<typeof checkDocument>[1]): string => {
  const result = check(text, rules)
  return result.kind === 'refused' ? result.error.reason : 'fine'
}

// The wordings that were recorded are held against the recordings in golden-answers.test.ts.
describe('a document', () => {
  it('may not hold a key twice, at any depth, also when one is written with an escape', () => {
    assert.match(reason('{"a":1,"a":2}'), /Duplicate field 'a'/)
    assert.match(reason('{"a":{"b":[{"c":1,"c":2}]}}'), /Duplicate field 'c'/)
    assert.match(reason('{"a":1,"\\u0061":2}'), /Duplicate field 'a'/)
    assert.equal(reason('{"a":{"x":1},"b":{"x":1},"c":[{"x":1},{"x":1}]}'), 'fine')
    assert.equal(reason('{"a":":","b":"\\":\\\\","c":"{\\"a\\":1}"}'), 'fine')
  })

  it('may not hold bad UTF-8, but may hold lone surrogates', () => {
    assert.match(reason(Buffer.from('7b2261223a22fe227d', 'hex')), /failed to parse field \[a\]/)
    assert.equal(reason(Buffer.from('7b2261223a22eda080227d', 'hex')), 'fine')
    assert.equal(reason('{"a":"\\ud800"}'), 'fine')
  })

  it('may not be deeper than 20 objects or 1000 levels', () => {
    const nested = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`
    assert.equal(reason(nested(20)), 'fine')
    assert.match(reason(nested(21)), /^\[1:101\] failed to parse: Limit of mapping depth \[20\]/)
    assert.match(reason(nested(50_000)), /Limit of mapping depth/)
    const arrays = (depth: number): string => `{"arr":${'['.repeat(depth)}${']'.repeat(depth)}}`
    assert.equal(reason(arrays(999)), 'fine')
    assert.match(
      reason(arrays(1200)),
      /^\[1:1007\] failed to parse: Document nesting depth \(1001\)/,
    )
  })

  it('is refused with its whole text when a keyword is immense', () => {
    const rules = { mappings: { k: 'keyword' }, dataStream: false } as const
    assert.equal(reason(JSON.stringify({ k: 'x'.repeat(32_766) }), rules), 'fine')
    assert.ok(reason(JSON.stringify({ k: 'x'.repeat(40_000) }), rules).length > 40_000)
  })

  it('quotes 500 bytes of itself at most', () => {
    const line = `{"a":"${'y'.repeat(1000)}","b":\u0001}`
    const column = line.indexOf('\u0001') + 1
    assert.ok(
      reason(line).endsWith(
        `y"[truncated ${line.length - 500} bytes]; line: 1, column: ${column}]`,
      ),
    )
  })

  it('holds nested and dotted fields to their types, and each value of an array', () => {
    const rules = { mappings: { 'a.b': 'long' }, dataStream: false } as const
    assert.match(reason('{"a":{"b":"x"}}', rules), /^\[1:11\] failed to parse field \[a\.b\]/)
    assert.match(reason('{"a.b":[1,2,"x"]}', rules), /^\[1:13\] failed to parse field \[a\.b\]/)
    assert.equal(reason('{"a":{"b":["7",null,1.5]}}', rules), 'fine')
  })

  it('needs one timestamp in a data stream', () => {
    const rules = { mappings: {}, dataStream: true }
    assert.equal(reason('{"@timestamp":"2026-01-02T03:04:05.678Z"}', rules), 'fine')
    assert.equal(reason('{"@timestamp":1767323045678}', rules), 'fine')
    assert.match(reason('{"a":1}', rules), /is missing$/)
    assert.match(reason('{"@timestamp":"2026-01-02 03:04:05"}', rules), /of type \[date\]/)
  })
})

it('checks ten thousand documents of 300 bytes in well below a second', () => {
  const line = Buffer.from(
    JSON.stringify({
      '@timestamp': 1_767_323_045_678,
      level: 30,
      service: { name: 'worker', version: '1.2.3' },
      tags: ['a', 'b'],
      msg: 'x'.repeat(180),
    }),
  )
  const began = performance.now()
  for (let i = 0; i < 10_000; i++) {
    assert.equal(
      checkDocument(line, { mappings: { n: 'long' }, dataStream: true }, facts).kind,
      'fine',
    )
  }
  const tookMs = performance.now() - began
  assert.ok(tookMs < 1_000, `${tookMs} ms`)
})
