import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { numbers, openCourier } from '../../helpers/courier-fixture.ts'
import { answered, broken, refused, storedAll } from '../../helpers/exchanges.ts'
import { settled } from '../../helpers/manual-clock.ts'
import type { Script } from '../../helpers/scripted-bulk.ts'

const storeAll: Script = ({ ids }) => storedAll(ids.length)
const malformed = {
  status: 400,
  type: 'document_parsing_exception',
  reason: 'Duplicate field',
  causes: ['document_parsing_exception', 'x_content_parse_exception'],
}
const misfit = { status: 400, type: 'document_parsing_exception', reason: 'failed to parse' }

describe('a failure', () => {
  it('is announced with all that is known, and its end', async () => {
    const { add, selfLog, clock } = openCourier([broken('ECONNREFUSED'), storedAll(3)], {
      queue: { flushItems: 3 },
    })
    add(numbers(3))
    await settled()
    const [failed] = selfLog.events
    assert.deepEqual(
      { ...failed, bytes: 0, phases: 0 },
      {
        code: 'bulk.failed',
        fate: 'held_memory',
        items: 3,
        bytes: 0,
        index: 'logs-test',
        failure: { code: 'ECONNREFUSED', phase: 'connect', message: 'ECONNREFUSED' },
        phases: 0,
        endpoint: {
          origin: 'http://127.0.0.1:9200',
          address: '127.0.0.1:9200',
          socketReused: false,
        },
        attempt: 1,
        nextRetryMs: 250,
      },
    )
    await clock.advance(1000)
    assert.deepEqual(selfLog.codes, ['bulk.failed', 'bulk.recovered'])
    assert.deepEqual(selfLog.open, [])
  })

  it('is over only when nothing that failed is pending', async () => {
    const { add, selfLog, clock } = openCourier(
      ({ lines, history }) =>
        lines[0] === '{"n":1}' && history.tries < 3 ? broken() : storedAll(lines.length),
      { queue: { flushItems: 1 } },
    )
    add(numbers(10))
    await clock.advance(30_000)
    assert.deepEqual(selfLog.codes, ['bulk.failed', 'bulk.failed', 'bulk.failed', 'bulk.recovered'])
  })

  it('counts the bytes of the documents that it is about', async () => {
    const { add, selfLog, bulk } = openCourier([answered([201, 503, 201])], {
      queue: { flushItems: 3 },
    })
    add(numbers(3))
    await settled()
    const [event] = selfLog.of('bulk.failed')
    assert.deepEqual([event?.items, event?.bytes], [1, bulk.last.bytes / 3])
  })

  it('is over when the last that failed is given up', async () => {
    const { add, selfLog, clock, ledger } = openCourier(
      ({ lines }) => (lines.includes('{"n":1}') ? refused(413) : storedAll(lines.length)),
      { queue: { flushItems: 2 } },
    )
    add(numbers(2))
    await clock.advance(15_000)
    add([3])
    await clock.advance(15_000)
    assert.deepEqual([ledger().deadLettered, ledger().pending], [1, 0])
    assert.deepEqual(selfLog.open, [])
    assert.equal(selfLog.codes.at(-1), 'bulk.recovered')
  })

  it('opens the breaker with what is held, and closes it', async () => {
    const { add, selfLog, clock, bulk } = openCourier([broken()])
    add(numbers(7))
    await clock.advance(20_000)
    const [opened] = selfLog.of('breaker.opened')
    assert.deepEqual([opened?.items, opened?.fate, opened?.nextRetryMs], [7, 'held_memory', 1000])
    bulk.script = storeAll
    await clock.advance(30_000)
    assert.equal(selfLog.of('breaker.closed').length, 1)
    assert.deepEqual(selfLog.open, [])
  })

  it('that a second try has mended at once is said all the same', async () => {
    const earlierFailure = { code: 'ECONNRESET', phase: 'wait', message: 'reset' } as const
    const { add, selfLog } = openCourier([answered([201], { earlierFailure })])
    add([1])
    await settled()
    assert.deepEqual(selfLog.codes, ['bulk.failed', 'bulk.recovered'])
    assert.deepEqual(
      [selfLog.events[0]?.fate, selfLog.events[0]?.failure],
      ['none', earlierFailure],
    )
  })
})

describe('a conflict', () => {
  it('on a first, unambiguous send is unexpected: counted and announced', async () => {
    const { add, selfLog, ledger } = openCourier([answered([409, 201, 409])], {
      queue: { flushItems: 3 },
    })
    add(numbers(3))
    await settled()
    assert.deepEqual([ledger().duplicates, ledger().conflictUnexpected], [2, 2])
    const [event] = selfLog.of('items.conflict_unexpected')
    assert.deepEqual([event?.items, event?.fate], [2, 'none'])
  })

  it('after a send that may have been stored is expected', async () => {
    for (const first of [
      broken('ECONNRESET', { bodyStarted: true }),
      refused(429),
      refused(502),
      broken('ECONNREFUSED', { earlierBodyStarted: true }),
    ]) {
      const { add, clock, ledger, selfLog } = openCourier([first, answered([409])])
      add([1])
      await clock.advance(1000)
      assert.deepEqual([ledger().duplicates, ledger().conflictUnexpected], [1, 0])
      assert.deepEqual(selfLog.of('items.conflict_unexpected'), [])
    }
  })

  it('after a quick try that had sent bytes is expected', async () => {
    const { add, ledger } = openCourier([answered([409], { earlierBodyStarted: true })])
    add([1])
    await settled()
    assert.deepEqual([ledger().duplicates, ledger().conflictUnexpected], [1, 0])
  })

  it('after a send that left nothing is unexpected', async () => {
    for (const first of [broken(), answered([503])]) {
      const { add, clock, ledger } = openCourier([first, answered([409])])
      add([1])
      await clock.advance(1000)
      assert.equal(ledger().conflictUnexpected, 1)
    }
  })
})

describe('a malformed line', () => {
  const mended = Buffer.from('{"mended":1}')

  it('is mended once, with the same id, and stored', async () => {
    const seen: string[] = []
    const { add, bulk, clock, ledger, selfLog } = openCourier(
      [answered([201, malformed, 201]), storedAll(1)],
      {
        queue: { flushItems: 3 },
        repair: (line) => {
          seen.push(line.toString())
          return { line: mended, repairs: ['duplicate key "a"'] }
        },
      },
    )
    add([1, '{"a":1,"a":2}', 3])
    await clock.advance(1)
    assert.deepEqual(seen, ['{"a":1,"a":2}'])
    assert.deepEqual(bulk.last.lines, ['{"mended":1}'])
    assert.equal(bulk.last.ids[0], bulk.sent[0]?.ids[1])
    assert.deepEqual([ledger().stored, ledger().repaired], [3, 1])
    const [event] = selfLog.of('items.repaired')
    assert.deepEqual([event?.items, event?.detail], [1, 'duplicate key "a"'])
  })

  it('that is refused again is given up', async () => {
    const { add, bulk, clock, ledger } = openCourier([answered([malformed])], {
      repair: () => ({ line: mended, repairs: ['x'] }),
    })
    add([1])
    await clock.advance(60_000)
    assert.deepEqual([bulk.sent.length, ledger().deadLettered, ledger().repaired], [2, 1, 1])
  })

  it('that cannot be mended is given up at once', async () => {
    const { add, bulk, clock, ledger } = openCourier([answered([malformed])])
    add([1])
    await clock.advance(60_000)
    assert.deepEqual([bulk.sent.length, ledger().deadLettered, ledger().repaired], [1, 1, 0])
  })
})

describe('dead letters', () => {
  it('are announced by reason, with their bytes', async () => {
    const strict = { status: 400, type: 'strict_dynamic_mapping_exception', reason: 'strict' }
    const { add, bulk, selfLog, ledger } = openCourier([answered([misfit, 201, strict, misfit])], {
      queue: { flushItems: 4 },
    })
    add(numbers(4))
    await settled()
    assert.equal(ledger().deadLettered, 3)
    const one = bulk.last.bytes / 4
    assert.deepEqual(
      selfLog.events.map(({ code, items, bytes, failure, ambiguous }) => [
        code,
        items,
        bytes,
        failure?.code,
        ambiguous,
      ]),
      [
        ['items.dead_lettered', 2, 2 * one, 'document_parsing_exception', undefined],
        ['items.dead_lettered', 1, one, 'strict_dynamic_mapping_exception', undefined],
      ],
    )
  })

  it('own that an earlier send may have been stored', async () => {
    const cut = broken('ECONNRESET', { bodyStarted: true })
    const later = openCourier([cut, answered([misfit])])
    later.add([1])
    await later.clock.advance(1000)
    assert.equal(later.selfLog.of('items.dead_lettered')[0]?.ambiguous, 1)
    const quick = openCourier([answered([misfit], { earlierBodyStarted: true })])
    quick.add([1])
    await settled()
    assert.equal(quick.selfLog.of('items.dead_lettered')[0]?.ambiguous, 1)
  })

  it('count what the failure store took as stored', async () => {
    const { add, ledger } = openCourier([answered([{ status: 201, failureStored: true }])])
    add([1])
    await settled()
    assert.deepEqual([ledger().stored, ledger().failureStored], [1, 1])
  })
})
