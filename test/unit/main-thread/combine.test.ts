import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { LedgerBook } from '../../../src/core/ledger.ts'
import type { CloseReport, Stats } from '../../../src/core/shipper-face.ts'
import { combineFlushes, combineReports, combineStats } from '../../../src/main-thread/combine.ts'

const empty = new LedgerBook().read({ pending: 0, spooled: 0 })

function report(facts: Partial<CloseReport>): CloseReport {
  const result = { ok: true, remaining: 0, ledger: empty, dropped: 0, handedOver: 0, durationMs: 0 }
  return { ...result, ...facts }
}

describe('several transports behind one logger', () => {
  it('are flushed when each is, and add up what remains', () => {
    const good = report({ remaining: 0, ledger: { ...empty, stored: 3 } })
    const bad = report({ ok: false, remaining: 2, ledger: { ...empty, stored: 1, pending: 2 } })
    assert.equal(combineFlushes([good, good]).ok, true)
    const both = combineFlushes([good, bad])
    assert.deepEqual([both.ok, both.remaining], [false, 2])
    assert.deepEqual([both.ledger.stored, both.ledger.pending], [4, 2])
  })

  it('are not flushed when one of them does not answer', () => {
    const result = combineFlushes([report({ ledger: { ...empty, stored: 3 } }), undefined])
    assert.deepEqual([result.ok, result.ledger.stored], [false, 3])
    assert.deepEqual(combineFlushes([undefined]), { ok: false, remaining: 0, ledger: empty })
  })

  it('take as long to close as the slowest, and drop what each drops', () => {
    const slow = report({ ok: false, dropped: 5, handedOver: 1, durationMs: 900 })
    const quick = report({ dropped: 0, handedOver: 2, durationMs: 3 })
    const { ok, dropped, handedOver, durationMs } = combineReports([slow, quick])
    assert.deepEqual([ok, dropped, handedOver, durationMs], [false, 5, 3, 900])
  })

  it('stand as badly as the worst of them', () => {
    const stats = (breaker: Stats['breaker'], code: string): Stats => ({
      ledger: { ...empty, accepted: 1 },
      memory: { bytes: 10, maxBytes: 100 },
      requests: { inFlight: 1, limit: 4 },
      breaker,
      incidents: [{ code, startedAt: '2026-01-01T00:00:00.000Z' }],
    })
    const all = combineStats([stats('closed', 'a'), stats('open', 'b'), stats('half_open', 'c')])
    assert.equal(all.breaker, 'open')
    assert.deepEqual(all.memory, { bytes: 30, maxBytes: 300 })
    assert.deepEqual(all.requests, { inFlight: 3, limit: 12 })
    assert.equal(all.ledger.accepted, 3)
    assert.deepEqual(
      all.incidents.map(({ code }) => code),
      ['a', 'b', 'c'],
    )
  })
})
