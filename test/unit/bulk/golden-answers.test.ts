import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import type { Outcome } from '../../../src/bulk/read-answer.ts'
import { readAnswer } from '../../../src/bulk/read-answer.ts'

/** An answer as a real server gave it; `body` is JSON or text. Some long texts are cut. */
interface Golden {
  readonly status: number | null
  readonly headers?: Record<string, string>
  readonly body?: unknown
}

interface GoldenItem {
  readonly status?: number
  readonly error?: { readonly type?: string; readonly reason?: string }
}

const root = new URL('../../fixtures/answers/', import.meta.url).pathname

function load(server: string, name: string): Golden {
  return JSON.parse(readFileSync(join(root, server, name), 'utf8')) as Golden
}

function itemsOf({ body }: Golden): readonly GoldenItem[] | undefined {
  if (typeof body !== 'object' || body === null || !('items' in body)) return undefined
  if (!Array.isArray(body.items)) return undefined
  return body.items.map((one: Record<string, GoldenItem>) => Object.values(one)[0] ?? {})
}

/** Elasticsearch's `reason` may be null. */
function hasWords({ body }: Golden): boolean {
  if (typeof body === 'string') return body !== ''
  return !JSON.stringify(body).includes('"reason":null')
}

function read(golden: Golden, count: number): Outcome {
  const text = typeof golden.body === 'string' ? golden.body : JSON.stringify(golden.body)
  return readAnswer(
    {
      status: golden.status ?? 0,
      headers: golden.headers ?? {},
      body: Buffer.from(text),
      truncated: false,
    },
    { count, withIndex: false, wallNowMs: 0, redact: (words) => words },
  )
}

for (const server of ['elasticsearch', 'opensearch', 'nginx']) {
  describe(`recorded answers of ${server}`, () => {
    const names = readdirSync(join(root, server), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.json'))
      .sort()
    const answers = names
      .map((name) => ({ name, golden: load(server, name) }))
      .filter(({ golden }) => golden.status !== null && golden.body !== undefined)

    it('are there', () => assert.ok(answers.length > 10))

    for (const { name, golden } of answers) {
      const items = golden.status === 200 ? itemsOf(golden) : undefined
      // With a filter that drops the good items, positions are lost: no answer to our query.
      const complete = items?.every(({ status }) => typeof status === 'number')
      if (items !== undefined && complete) {
        it(`${name}: one item per document`, () => {
          const outcome = read(golden, items.length)
          assert.ok(outcome.kind === 'answered', JSON.stringify(outcome))
          assert.deepEqual(
            outcome.items.map(({ status, type }) => ({ status, type })),
            items.map(({ status, error }) => ({ status, type: error?.type })),
          )
          for (const [i, { reason = '' }] of outcome.items.entries()) {
            const said = items[i]?.error?.reason ?? ''
            assert.ok(reason.startsWith(said.slice(0, 100)), reason)
            assert.ok(Buffer.byteLength(reason) <= 512)
          }
          assert.equal(read(golden, items.length + 1).kind, 'broken')
        })
      } else if (golden.status === 200) {
        it(`${name}: no bulk answer`, () => {
          const outcome = read(golden, 2)
          assert.equal(outcome.kind === 'broken' && outcome.code, 'bad_answer')
        })
      } else {
        it(`${name}: refused with ${golden.status}`, () => {
          const outcome = read(golden, 2)
          assert.ok(outcome.kind === 'refused', JSON.stringify(outcome))
          assert.equal(outcome.status, golden.status)
          assert.equal(outcome.reason !== '', hasWords(golden), outcome.reason)
          assert.ok(!/[<>]/.test(outcome.reason) || typeof golden.body !== 'string')
        })
      }
    }
  })
}

describe('some recorded answers, word for word', () => {
  const first = (server: string, name: string, count: number) => {
    const outcome = read(load(server, name), count)
    return outcome.kind === 'answered'
      ? outcome.items.find(({ status }) => status !== 201)
      : outcome
  }

  it('a number that is none', () => {
    assert.deepEqual(first('elasticsearch', 'item-201-mixed-mapping-400.json', 3), {
      status: 400,
      type: 'document_parsing_exception',
      reason:
        "[1:6] failed to parse field [n] of type [long] in document with id 'a2'. Preview of field's value: 'abc': For input string: \"abc\"",
      causes: ['document_parsing_exception', 'illegal_argument_exception'],
    })
  })

  it('a key twice in one line', () => {
    const item = first('elasticsearch', 'item-dup-keys.json', 2)
    assert.ok(item && 'causes' in item)
    assert.deepEqual(item.causes, [
      'document_parsing_exception',
      'x_content_parse_exception',
      'json_parse_exception',
    ])
  })

  it('a flood stage', () => {
    const item = first('opensearch', 'item-read-only-allow-delete.json', 2)
    assert.ok(item && 'type' in item)
    assert.deepEqual([item.status, item.type], [429, 'cluster_block_exception'])
  })

  it('a body too large, without a word', () => {
    assert.deepEqual(first('elasticsearch', 'http-413.json', 2), {
      kind: 'refused',
      status: 413,
      reason: '',
    })
  })

  it('a path that is none', () => {
    const outcome = first('elasticsearch', 'http-404-path.json', 2)
    assert.ok(outcome && 'kind' in outcome && outcome.kind === 'refused')
    assert.equal(outcome.status, 400)
    assert.match(outcome.reason, /^no handler found/)
  })

  it('a gateway without its server', () => {
    assert.deepEqual(first('nginx', '502.json', 2), {
      kind: 'refused',
      status: 502,
      reason: '502 Bad Gateway',
    })
  })
})
