import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Asked, Outcome } from '../../../src/bulk/read-answer.ts'
import { readAnswer } from '../../../src/bulk/read-answer.ts'

const wallNowMs = Date.UTC(2026, 0, 2, 3, 4, 5)

function read(
  body: string,
  {
    status = 200,
    headers = {},
    truncated = false,
    ...asked
  }: Partial<Asked> & {
    status?: number
    headers?: Record<string, string>
    truncated?: boolean
  } = {},
): Outcome {
  return readAnswer(
    { status, headers, body: Buffer.from(body), truncated },
    { count: 1, withIndex: false, wallNowMs, redact: (text) => text, ...asked },
  )
}

const full = (status: number, more = ''): string =>
  `{"create":{"_index":"logs","_id":"a","_version":1,"result":"created","_shards":{"total":2,"successful":1,"failed":0},"_seq_no":4,"_primary_term":1,"status":${status}${more}}}`

describe('an answer in which all was stored', () => {
  const items = '"items":[{"create":{"status":201}},{"create":{"status":201}}]'
  const bodies = {
    'as Elasticsearch 9 orders it': `{"errors":false,"took":3,${items}}`,
    'as OpenSearch orders it': `{"took":3,"errors":false,${items}}`,
    'without took': `{"errors":false,${items}}`,
    'with errors at the end': `{"took":1,${items},"errors":false}`,
    'with a newline at its end': `{"errors":false,${items}}\n`,
    'in full': `{"took":3,"errors":false,"items":[${full(201)},${full(201)}]}`,
    'in full, with errors at the end': `{"took":3,"items":[${full(201)},${full(201)}],"errors":false}`,
    indented: JSON.stringify(JSON.parse(`{"errors":false,${items}}`), null, 2),
    'with another action':
      '{"errors":false,"items":[{"index":{"status":201}},{"index":{"status":201}}]}',
  }
  for (const [name, body] of Object.entries(bodies)) {
    it(`is read ${name}`, () => {
      const outcome = read(body, { count: 2 })
      assert.deepEqual(outcome, { kind: 'answered', items: [{ status: 201 }, { status: 201 }] })
    })
  }

  it('uses one object for all that were created', () => {
    const [short, long] = [
      read(bodies['without took'], { count: 2 }),
      read(bodies.indented, { count: 2 }),
    ]
    assert.ok(short.kind === 'answered' && long.kind === 'answered')
    assert.equal(short.items[0], short.items[1])
    assert.equal(short.items[0], long.items[1])
    assert.ok(Object.isFrozen(short.items[0]))
  })

  it('keeps a 200 beside a 201', () => {
    const outcome = read(`{"errors":false,"items":[${full(200)},${full(201)}]}`, { count: 2 })
    assert.deepEqual(outcome, { kind: 'answered', items: [{ status: 200 }, { status: 201 }] })
  })

  it('reads a status to its last digit', () => {
    const outcome = read(`{"errors":false,"items":[${full(2010)},${full(201)}]}`, { count: 2 })
    assert.deepEqual(outcome, { kind: 'answered', items: [{ status: 2010 }, { status: 201 }] })
  })

  it('tells what went into the failure store', () => {
    const used = full(201, ',"failure_store":"used"')
    assert.deepEqual(read(`{"errors":false,"items":[${used},${full(201)}]}`, { count: 2 }), {
      kind: 'answered',
      items: [{ status: 201, failureStored: true }, { status: 201 }],
    })
  })

  it('names the index where it was asked for, only there', () => {
    const body = `{"errors":false,"items":[${full(201)}]}`
    assert.deepEqual(read(body, { withIndex: true }), {
      kind: 'answered',
      items: [{ status: 201, index: 'logs' }],
    })
    assert.deepEqual(read(body), { kind: 'answered', items: [{ status: 201 }] })
  })
})

describe('an answer that cannot be one', () => {
  const one = '{"create":{"status":201}}'
  const bodies: Record<string, string> = {
    'is empty': '',
    'is a page': '<!doctype html><html><head><title>Sign in</title></head><body>…</body></html>',
    'is another JSON': '{"error":"no","ok":true}',
    'is a JSON list': '[]',
    'is null': 'null',
    'has one item too few': `{"errors":false,"items":[${one}]}`,
    'has one item too many': `{"errors":false,"items":[${one},${one},${one}]}`,
    'has an item too few, in full': `{"took":1,"errors":false,"items":[${full(201)}]}`,
    'has an item too many, in full': `{"took":1,"errors":false,"items":[${full(201)},${full(201)},${full(201)}]}`,
    'is cut': `{"errors":false,"items":[${one},{"cre`,
    'is cut, in full': `{"errors":false,"items":[${full(201)},${full(201).slice(0, -10)}`,
    'has an item without a status': `{"errors":true,"items":[${one},{"create":{"error":{}}}]}`,
    'has a status that is no number': `{"errors":true,"items":[${one},{"create":{"status":"201"}}]}`,
    'has an item that is none': `{"errors":true,"items":[${one},null]}`,
    'has an item without an action': `{"errors":true,"items":[${one},{}]}`,
  }
  for (const [name, body] of Object.entries(bodies)) {
    it(`is broken where it ${name}`, () => {
      const outcome = read(body, { count: 2 })
      assert.ok(outcome.kind === 'broken', JSON.stringify(outcome))
      assert.deepEqual(
        [outcome.code, outcome.phase, outcome.bodyStarted, outcome.status],
        ['bad_answer', 'http', true, 200],
      )
    })
  }

  it('is broken where its body was cut off, even if what came looks whole', () => {
    const outcome = read(`{"errors":false,"items":[${one}]}`, { truncated: true })
    assert.equal(outcome.kind === 'broken' && outcome.code, 'bad_answer')
  })

  it('is broken with any other status of success', () => {
    for (const status of [201, 202, 204, 206]) {
      const outcome = read(`{"errors":false,"items":[${one}]}`, { status })
      assert.ok(outcome.kind === 'broken')
      assert.deepEqual([outcome.code, outcome.status], ['bad_answer', status])
    }
  })

  it('says what was wrong, with the words of the page, in at most 512 bytes', () => {
    const outcome = read(bodies['is a page'] ?? '', { count: 2 })
    assert.equal(
      outcome.kind === 'broken' && outcome.message,
      'no JSON, where 2 items were expected: Sign in',
    )
    const long = read('ä'.repeat(5000))
    assert.ok(long.kind === 'broken' && Buffer.byteLength(long.message) <= 512)
  })
})

describe('the error of an item', () => {
  const errorOf = (error: unknown, status = 400) => {
    const outcome = read(JSON.stringify({ errors: true, items: [{ create: { status, error } }] }))
    assert.ok(outcome.kind === 'answered', JSON.stringify(outcome))
    return outcome.items[0]
  }

  it('has its type, its reason with the innermost cause, and all types', () => {
    const error = {
      type: 'document_parsing_exception',
      reason: 'failed to parse',
      caused_by: {
        type: 'illegal_argument_exception',
        reason: 'middle',
        caused_by: { type: 'number_format_exception', reason: 'For input string: "abc"' },
      },
    }
    assert.deepEqual(errorOf(error), {
      status: 400,
      type: 'document_parsing_exception',
      reason: 'failed to parse: For input string: "abc"',
      causes: [
        'document_parsing_exception',
        'illegal_argument_exception',
        'number_format_exception',
      ],
    })
  })

  it('does not repeat a cause that says no more', () => {
    const cause = { type: 'b', reason: 'limit reached' }
    assert.equal(
      errorOf({
        type: 'a',
        reason: 'the limit reached',
        caused_by: { ...cause, reason: 'limit reached' },
      })?.reason,
      'the limit reached',
    )
    assert.equal(
      errorOf({ type: 'a', reason: 'no', caused_by: { type: 'b', reason: null } })?.reason,
      'no',
    )
  })

  it('is capped at 512 bytes', () => {
    const { reason = '' } = errorOf({ type: 'a', reason: 'ü'.repeat(600_000) }) ?? {}
    assert.ok(Buffer.byteLength(reason) <= 512 && Buffer.byteLength(reason) > 500)
    assert.ok(reason.endsWith('…'))
  })

  it('may be a text', () => {
    assert.deepEqual(errorOf('went wrong', 500), { status: 500, reason: 'went wrong', causes: [] })
  })

  it('ends at a depth that no cause has', () => {
    let error: object = { type: 't', reason: 'deepest' }
    for (let i = 0; i < 1000; i++) error = { type: 't', reason: 'r', caused_by: error }
    assert.ok((errorOf(error)?.causes?.length ?? 99) <= 20)
  })

  it('cannot touch the prototype of anything', () => {
    const outcome = read(
      '{"errors":true,"items":[{"create":{"__proto__":{"status":201},"status":400,"error":{"__proto__":{"type":"x"}}}}]}',
    )
    assert.deepEqual(outcome, {
      kind: 'answered',
      items: [{ status: 400, reason: '', causes: [] }],
    })
  })
})

describe('a refusal', () => {
  const refusal = (body: string, status = 400, headers: Record<string, string> = {}) => {
    const outcome = read(body, { status, headers })
    assert.ok(outcome.kind === 'refused', JSON.stringify(outcome))
    const { kind, ...rest } = outcome
    return rest
  }

  it('has type and reason of a JSON error', () => {
    const body =
      '{"error":{"root_cause":[{"type":"x"}],"type":"parse_exception","reason":"request body is required"},"status":400}'
    assert.deepEqual(refusal(body), {
      status: 400,
      type: 'parse_exception',
      reason: 'request body is required',
    })
  })

  it('has the words of an error that is a text', () => {
    assert.deepEqual(refusal('{"error":"no handler found for uri [/x] and method [POST]"}'), {
      status: 400,
      reason: 'no handler found for uri [/x] and method [POST]',
    })
  })

  it('has the message of a gateway', () => {
    assert.equal(refusal('{"message":"not authorized"}', 403).reason, 'not authorized')
    assert.equal(refusal('{"Message":"slow down"}', 429).reason, 'slow down')
  })

  it('has the title of a page, else its first words', () => {
    const nginx = '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>x</body></html>'
    assert.equal(refusal(nginx, 502).reason, '502 Bad Gateway')
    assert.equal(
      refusal('<html><body><h1>Forbidden</h1>\n<p>by rule 7</p></body></html>', 403).reason,
      'Forbidden by rule 7',
    )
    assert.equal(
      refusal('cannot add rows\ninto storage\n', 429).reason,
      'cannot add rows into storage',
    )
    assert.equal(refusal('"a JSON text"', 500).reason, '"a JSON text"')
  })

  it('is known from its status alone', () => {
    assert.deepEqual(refusal('', 413), { status: 413, reason: '' })
    for (const status of [300, 304, 418, 599, 600, 799]) {
      assert.equal(refusal('', status).status, status)
    }
  })

  it('never has more than 512 bytes of words', () => {
    for (const body of [
      'é'.repeat(100_000),
      JSON.stringify({ error: { reason: 'é'.repeat(100_000) } }),
    ]) {
      assert.ok(Buffer.byteLength(refusal(body, 500).reason) <= 512)
    }
  })

  it('has the delay that was asked for, in either form', () => {
    const delay = (value: string) => refusal('', 503, { 'retry-after': value }).retryAfterMs
    assert.equal(delay('120'), 120_000)
    assert.equal(delay('0'), 0)
    assert.equal(delay('Fri, 02 Jan 2026 03:05:05 GMT'), 60_000)
    assert.equal(delay('Fri, 02 Jan 2026 03:00:00 GMT'), 0)
    for (const value of ['', 'soon', '-5', '1.5', 'Fri, 99 Foo 2026']) {
      assert.equal(delay(value), undefined, value)
    }
    assert.ok(!('retryAfterMs' in refusal('', 503)))
  })

  it('repeats nothing that is to be kept secret', () => {
    const redact = (text: string): string => text.replaceAll('hunter2', '***')
    const body = JSON.stringify({ error: { type: 'x', reason: `${'a'.repeat(508)}hunter2` } })
    const outcome = read(body, { status: 401, redact })
    assert.ok(
      outcome.kind === 'refused' && !outcome.reason.includes('hun'),
      JSON.stringify(outcome),
    )
  })
})
