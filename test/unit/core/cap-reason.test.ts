import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { capReason, maxReasonBytes } from '../../../src/core/failure.ts'

describe('capReason', () => {
  it('leaves up to 512 bytes as they are', () => {
    for (const text of ['', 'short', 'x'.repeat(512), 'é'.repeat(256)]) {
      assert.equal(capReason(text), text)
    }
  })

  it('cuts longer ones to 512 bytes and says so', () => {
    assert.equal(capReason('x'.repeat(513)), `${'x'.repeat(509)}…`)
  })

  it('never cuts a character in two', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 100, maxLength: 800 }), (text) => {
        const proper = Buffer.from(text).toString()
        const capped = capReason(proper)
        assert.ok(Buffer.byteLength(capped) <= maxReasonBytes)
        assert.ok(capped === proper || proper.startsWith(capped.slice(0, -1)))
      }),
    )
  })
})
