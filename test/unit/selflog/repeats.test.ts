import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import type { SelfLogEvent } from '../../../src/core/self-log-event.ts'
import { eventTable, openersOf } from '../../../src/selflog/event-table.ts'
import { dropped, failed, openSelfLog, recovered } from './self-log-fixture.ts'

const count = (events: readonly SelfLogEvent[]): number =>
  events.reduce((sum, event) => sum + 1 + (event.suppressed?.count ?? 0), 0)

/** Each trouble that is said to begin is said to end, once, and after that nothing is said of it. */
function checkPairs(events: readonly SelfLogEvent[]): void {
  const begun = new Set<string>()
  const ended = new Set<string>()
  for (const event of events) {
    const id = event.incident?.id ?? ''
    assert.ok(!ended.has(id), `${event.code} of ${id} comes after its end`)
    if (eventTable[event.code].closedBy !== undefined) {
      begun.add(id)
    } else {
      assert.ok(begun.has(id), `${id} ends and was never said to begin`)
      ended.add(id)
    }
  }
  assert.deepEqual(ended, begun)
}

describe('repeats of an event', () => {
  it('the first comes at once, what repeats it within repeatMs as one at its end', async () => {
    const { selfLog, clock, events } = openSelfLog()
    for (let i = 0; i < 5; i++) {
      selfLog.emit(failed({ attempt: i + 1 }))
      await clock.advance(1_000)
    }
    assert.equal(events.length, 1)
    await clock.advance(5_000)
    assert.deepEqual(
      events.map(({ attempt, time, suppressed }) => [attempt, time.slice(17, 23), suppressed]),
      [
        [1, '00.000', undefined],
        [5, '10.000', { count: 3, since: '2026-01-01T00:00:01.000Z' }],
      ],
    )
  })

  it('a steady trouble speaks once in repeatMs, not twice in a row', async () => {
    const { selfLog, clock, events } = openSelfLog()
    for (let i = 0; i < 60; i++) {
      selfLog.emit(failed())
      await clock.advance(1_000)
    }
    selfLog.close()
    const times = events
      .filter(({ code }) => code === 'bulk.failed')
      .map(({ time }) => time.slice(14, 19))
    assert.deepEqual(times, ['00:00', '00:10', '00:20', '00:30', '00:40', '00:50', '01:00'])
    assert.equal(count(events) - 1, 60)
  })

  it('after a quiet repeatMs the next comes at once again, and no timer stays behind', async () => {
    const { selfLog, clock, events } = openSelfLog()
    selfLog.emit(failed())
    await clock.advance(10_000)
    assert.equal(clock.openTimers, 0)
    selfLog.emit(failed())
    assert.equal(events.length, 2)
    assert.equal(events[1]?.suppressed, undefined)
  })

  const others = [
    failed({ index: 'logs-other' }),
    failed({ endpoint: { origin: 'http://es2:9200', socketReused: false } }),
    failed({ failure: { code: 'ECONNRESET', phase: 'wait', message: '' } }),
    dropped(),
    dropped({ reason: 'closed' }),
    dropped({ code: 'items.dead_lettered', kept: 'none' }),
    dropped({ code: 'items.dead_lettered', kept: 'file', fate: 'dead_lettered' }),
  ]

  it('only what has the same code, fate, node, index, failure and reason is a repeat', () => {
    const { selfLog, events } = openSelfLog()
    selfLog.emit(failed())
    for (const other of others) selfLog.emit(other)
    assert.equal(events.length, 1 + others.length)
  })

  it('the newest speaks for those whose lines are still held', () => {
    const { selfLog, events } = openSelfLog()
    for (const items of [1, 2, 3]) selfLog.emit(failed({ items }))
    selfLog.flush()
    assert.deepEqual(
      events.map(({ items, suppressed }) => [items, suppressed?.count]),
      [
        [1, undefined],
        [3, 1],
      ],
    )
  })

  for (const code of [
    'items.dropped',
    'items.dead_lettered',
    'items.repaired',
    'items.conflict_unexpected',
    'lines.wrapped',
  ] as const) {
    it(`the sums of ${code} are exact, whatever is folded and whenever`, async () => {
      const step = fc.record({
        items: fc.integer({ min: 1, max: 1_000 }),
        bytes: fc.nat(1_000_000),
        ambiguous: fc.nat(10),
        levels: fc.dictionary(fc.constantFrom('info', 'warn', '35'), fc.nat(50)),
        reason: fc.constantFrom('memory_full', 'closed'),
        waitMs: fc.nat(9_000),
      })
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 20 }), async (steps) => {
          const { selfLog, clock, events } = openSelfLog()
          for (const { waitMs, ...facts } of steps) {
            selfLog.emit(dropped({ ...facts, code }))
            await clock.advance(waitMs)
          }
          selfLog.close()
          const sum = (of: (facts: (typeof steps)[number] | SelfLogEvent) => number) => ({
            given: steps.reduce((total, one) => total + of(one), 0),
            told: events.reduce((total, one) => total + of(one), 0),
          })
          for (const { given, told } of [
            sum(({ items }) => items),
            sum(({ bytes }) => bytes),
            sum(({ ambiguous }) => ambiguous ?? 0),
            sum(({ levels }) => levels?.['info'] ?? 0),
            sum(({ levels }) => levels?.['35'] ?? 0),
            sum(({ reason, items }) => (reason === 'closed' ? items : 0)),
          ]) {
            assert.equal(told, given)
          }
          assert.equal(count(events), steps.length)
        }),
        { numRuns: 40 },
      )
    })
  }
})

describe('the end of a trouble', () => {
  it('comes after what was held back of its beginning', async () => {
    const { selfLog, clock, events, codes } = openSelfLog()
    selfLog.emit(failed({ attempt: 1 }))
    selfLog.emit(failed({ attempt: 2 }))
    selfLog.emit(failed({ attempt: 3 }))
    await clock.advance(1_000)
    selfLog.emit(recovered())
    assert.deepEqual(codes(), ['bulk.failed', 'bulk.failed', 'bulk.recovered'])
    assert.deepEqual(
      events.map(({ attempt }) => attempt),
      [1, 3, undefined],
    )
    assert.equal(events[1]?.suppressed?.count, 1)
  })

  it('waits with a beginning that is held back, and follows it', async () => {
    const { selfLog, clock, codes, events } = openSelfLog()
    selfLog.emit(failed())
    selfLog.emit(recovered())
    await clock.advance(1_000)
    selfLog.emit(failed())
    await clock.advance(1_000)
    selfLog.emit(recovered())
    assert.deepEqual(codes(), ['bulk.failed', 'bulk.recovered'])
    await clock.advance(8_000)
    assert.deepEqual(codes(), ['bulk.failed', 'bulk.recovered', 'bulk.failed', 'bulk.recovered'])
    assert.equal(events[2]?.incident?.id, events[3]?.incident?.id)
    assert.notEqual(events[0]?.incident?.id, events[2]?.incident?.id)
  })

  it('of a trouble that came and went is folded away with it when the next one begins', async () => {
    const { selfLog, clock, events } = openSelfLog()
    for (let i = 0; i < 5; i++) {
      selfLog.emit(failed())
      selfLog.emit(recovered())
      await clock.advance(1_000)
    }
    await clock.advance(5_000)
    assert.deepEqual(
      events.map(({ code, suppressed }) => [code, suppressed?.count]),
      [
        ['bulk.failed', undefined],
        ['bulk.recovered', undefined],
        ['bulk.failed', 6],
        ['bulk.recovered', undefined],
      ],
    )
  })

  it('flapping is told about once in repeatMs', async () => {
    const { selfLog, clock, events } = openSelfLog()
    for (let i = 0; i < 100; i++) {
      selfLog.emit(failed())
      await clock.advance(300)
      selfLog.emit(recovered())
      await clock.advance(300)
    }
    selfLog.close()
    assert.ok(events.length <= 14, `${events.length} events in 60 s`)
    assert.equal(count(events), 200)
  })

  const anyCode = fc.constantFrom(
    'bulk.failed',
    'breaker.opened',
    'memory.full',
    'index.held',
    'bulk.recovered',
    'breaker.closed',
    'memory.drained',
    'index.released',
  )
  const step = fc.record({
    code: anyCode,
    index: fc.constantFrom('logs-a', 'logs-b'),
    failureCode: fc.constantFrom('ECONNREFUSED', 'ECONNRESET'),
    waitMs: fc.nat(6_000),
  })

  it('comes exactly once for each beginning that was told, after it, and no event is lost uncounted', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const { selfLog, clock, events } = openSelfLog()
        let taken = 0
        for (const { waitMs, failureCode, ...facts } of steps) {
          const [opener] = openersOf(facts.code)
          if (opener === undefined || selfLog.isOpen(opener, facts.index)) taken++
          selfLog.emit(
            failed({ ...facts, failure: { code: failureCode, phase: 'wait', message: '' } }),
          )
          await clock.advance(waitMs)
        }
        const open = selfLog.incidents().length
        selfLog.close()
        assert.equal(count(events), taken + open)
        checkPairs(events)
        assert.deepEqual(selfLog.replay(), [])
        assert.equal(clock.openTimers, 0)
      }),
      { numRuns: 150 },
    )
  })
})
