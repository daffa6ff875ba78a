import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { LedgerBook } from '../../../src/core/ledger.ts'
import type { SelfLogEvent } from '../../../src/core/self-log-event.ts'
import { fitLine, maxLineBytes } from '../../../src/selflog/fit-line.ts'

const event: SelfLogEvent = {
  v: 1,
  time: '2026-01-01T00:00:00.000Z',
  severity: 'error',
  code: 'items.conflict_unexpected',
  kind: 'permanent',
  message: 'short',
  hint: 'short',
  fate: 'held_memory',
  items: 123_456_789,
  bytes: 987_654_321,
  ambiguous: 12,
  failure: { code: 'a', phase: 'connect', status: 503, message: 'short' },
  phases: { dnsMs: 1, connectMs: 2, tlsMs: 3, writeMs: 4, waitMs: 5, readMs: 6 },
  endpoint: { origin: 'http://es:9200', address: '127.0.0.1:9200', socketReused: true },
  attempt: 7,
  nextRetryMs: 800,
  incident: {
    id: 'dead_letter.full-2026-01-01T00:00:00.000Z-1',
    startedAt: '2026-01-01T00:00:00.000Z',
    durationMs: 8,
    attempts: 9,
    peakItems: 10,
    lost: 11,
    duplicates: 12,
  },
  reason: 'shutdown_deadline',
  cause: 'bulk.failed',
  kept: 'none',
  index: 'logs',
  levels: { info: 1 },
  replayed: true,
  totals: new LedgerBook().read({ pending: 1, spooled: 2 }),
  suppressed: { count: 3, since: '2026-01-01T00:00:00.000Z' },
}

const parse = (line: Buffer): SelfLogEvent => JSON.parse(line.toString()) as SelfLogEvent

describe('fitLine', () => {
  it('leaves an event that fits as it is', () => {
    assert.deepEqual(parse(fitLine(event)), event)
  })

  it('shows where it has cut', () => {
    const { message } = parse(fitLine({ ...event, message: 'x'.repeat(10_000) }))
    assert.match(message, /^x{500,}…$/)
  })

  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 6_000 }),
    fc.integer({ min: 0, max: 6_000 }).map((n) => '\u0001'.repeat(n)),
    fc.integer({ min: 0, max: 6_000 }).map((n) => '\ud800'.repeat(n)),
    fc.integer({ min: 0, max: 3_000 }).map((n) => '日'.repeat(n)),
  )

  it('is one line of JSON of at most 4,096 bytes, whatever the texts, and cuts no number and no name', () => {
    fc.assert(
      fc.property(
        fc.record({ message: text, hint: text, index: text, code: text, reason: text, node: text }),
        fc.dictionary(fc.string({ unit: 'binary', maxLength: 64 }), fc.nat(), { maxKeys: 200 }),
        (texts, levels) => {
          const long: SelfLogEvent = {
            ...event,
            message: texts.message,
            hint: texts.hint,
            index: texts.index,
            failure: { code: texts.code, phase: 'item', status: 400, message: texts.reason },
            endpoint: { origin: texts.node, address: texts.node, socketReused: false },
            levels,
          }
          const line = fitLine(long)
          assert.ok(line.length <= maxLineBytes, `${line.length} bytes`)
          assert.equal(line.indexOf('\n'), line.length - 1)
          const read = parse(line)
          const uncut = ['time', 'severity', 'code', 'kind', 'fate', 'items', 'bytes'] as const
          for (const key of uncut) assert.equal(read[key], event[key])
          assert.deepEqual(read.totals, event.totals)
          assert.deepEqual(read.incident, event.incident)
          assert.deepEqual(read.suppressed, event.suppressed)
          assert.equal(read.reason, event.reason)
          assert.equal(read.cause, event.cause)
        },
      ),
      { numRuns: 200 },
    )
  })
})
