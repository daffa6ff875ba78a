import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import { JsonScanner } from '../../src/testing/json-scanner.ts'
import { quickJsonCheck } from '../../src/testing/quick-json-check.ts'

const scan = (text: string | Buffer) =>
  new JsonScanner(Buffer.from(text), { asDocument: false }).scan()

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** A JSON text with a few characters cut out, put in or put in the place of others. */
const damagedJson = fc
  .tuple(
    fc.json({ maxDepth: 4 }),
    fc.array(
      fc.tuple(fc.nat(), fc.nat(2), fc.constantFrom(...'{}[]",:0123.eE-+tfn\\u \t\u0001é')),
      {
        maxLength: 3,
      },
    ),
  )
  .map(([text, edits]) =>
    edits.reduce((damaged, [place, remove, insert]) => {
      const at = place % (damaged.length + 1)
      return damaged.slice(0, at) + insert + damaged.slice(at + remove)
    }, text),
  )

it('the scanner takes what JSON.parse takes, but for a key twice', () => {
  fc.assert(
    fc.property(damagedJson, (text) => {
      const fault = scan(text)
      if (fault?.message.startsWith('Duplicate field')) return
      assert.equal(fault === undefined, isJson(text), JSON.stringify({ text, fault }))
    }),
    { numRuns: 5_000 },
  )
})

it('the quick check never lets through what the scan would refuse', () => {
  const key = fc.constantFrom('a', 'b', 'c.d', '__proto__', '\\u0061')
  const { value } = fc.letrec<{ value: string }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom('1', '"x:y"', 'null', '"\\\\\\":"'),
      fc.array(tie('value'), { maxLength: 3 }).map((entries) => `[${entries.join(',')}]`),
      fc
        .array(fc.tuple(key, tie('value')), { maxLength: 3 })
        .map((entries) => `{${entries.map(([k, v]) => `"${k}":${v}`).join(',')}}`),
    ),
  }))
  fc.assert(
    fc.property(value, (text) => {
      const isRefused = scan(text) !== undefined || !text.startsWith('{')
      assert.equal(quickJsonCheck(Buffer.from(text)) === undefined, isRefused, text)
    }),
    { numRuns: 3_000 },
  )
})

it('the scanner ends on any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const fault = scan(Buffer.from(bytes))
      assert.ok(fault === undefined || fault.column >= 1)
    }),
  )
})
