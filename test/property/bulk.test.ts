import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import { readAnswer } from '../../src/bulk/read-answer.ts'
import { readStored } from '../../src/bulk/read-stored.ts'

const status = fc.constantFrom(200, 201, 201, 201, 201, 201, 201, 409)
const filtered = fc.record({ status })
const whole = fc.record({
  _index: fc.constant('logs'),
  _id: fc.string(),
  result: fc.constant('created'),
  _seq_no: fc.nat(),
  status,
})
const item = fc.oneof(filtered, whole)
const action = fc.constantFrom('create', 'create', 'create', 'create', 'index')

const answer = fc
  .record({
    items: fc.array(fc.tuple(action, item), { maxLength: 30 }),
    took: fc.option(fc.nat(), { nil: undefined }),
    order: fc.shuffledSubarray(['took', 'errors', 'items'], { minLength: 3, maxLength: 3 }),
  })
  .map(({ items, took, order }) => {
    const parts: Record<string, unknown> = {
      took,
      errors: items.some(([, one]) => one.status > 299),
      items: items.map(([name, one]) => ({ [name]: one })),
    }
    const text = JSON.stringify(Object.fromEntries(order.map((key) => [key, parts[key]])))
    return { text, statuses: items.map(([, one]) => one.status) }
  })

it('reads the same statuses with and without parsing', () => {
  let unparsed = 0
  fc.assert(
    fc.property(answer, ({ text, statuses }) => {
      const body = Buffer.from(text)
      const outcome = readAnswer(
        { status: 200, headers: {}, body, truncated: false },
        { count: statuses.length, withIndex: false, wallNowMs: 0, redact: (words) => words },
      )
      assert.ok(outcome.kind === 'answered')
      assert.deepEqual(
        outcome.items.map((one) => one.status),
        statuses,
      )
      if (readStored(body, statuses.length) !== undefined) unparsed++
    }),
    { numRuns: 2000 },
  )
  assert.ok(unparsed > 100, `${unparsed} went the short way`)
})

it('never takes a damaged answer for a good one', () => {
  fc.assert(
    fc.property(answer, fc.nat(), fc.nat({ max: 40 }), ({ text, statuses }, at, cut) => {
      const from = at % text.length
      const damaged = text.slice(0, from) + text.slice(from + cut)
      const stored = readStored(Buffer.from(damaged), statuses.length)
      if (stored === undefined) return
      assert.equal(stored.length, statuses.length)
      // What is left out may be of no meaning, such as a digit of took; every status must still stand.
      const stands = [...damaged.matchAll(/"status":(\d+)[,}]/g)].map(([, digits]) =>
        Number(digits),
      )
      assert.deepEqual(
        stored.map((one) => one.status),
        stands,
      )
    }),
    { numRuns: 3000 },
  )
})
