import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { numbers, openCourier } from '../../helpers/courier-fixture.ts'
import { answered, broken, storedAll } from '../../helpers/exchanges.ts'
import { settled } from '../../helpers/manual-clock.ts'
import type { Script } from '../../helpers/scripted-bulk.ts'

const storeAll: Script = ({ ids }) => storedAll(ids.length)
const single = { queue: { flushItems: 1 } }

describe('a request without an answer', () => {
  it('gives its place back after 10 s, and halves the limit', async () => {
    const { add, bulk, clock, courier } = openCourier(storeAll, single)
    add(numbers(20))
    await clock.advance(1)
    bulk.script = () => 'hang'
    add(numbers(30))
    assert.deepEqual([bulk.open, courier.requests.limit], [4, 4])
    await clock.advance(9999)
    assert.equal(bulk.open, 4)
    await clock.advance(1)
    assert.deepEqual(courier.requests, { inFlight: 6, limit: 2 })
  })

  it('never means more than three times the limit', async () => {
    const { add, bulk, clock, ledger } = openCourier(() => 'hang', single)
    add(numbers(50))
    await clock.advance(120_000)
    assert.deepEqual([bulk.open, bulk.mostOpen], [3, 3])
    for (const sent of bulk.sent) sent.answer(storedAll(1))
    bulk.script = storeAll
    await clock.advance(1)
    assert.equal(ledger().stored, 50)
  })

  it('is announced, and recovered from when it is answered after all', async () => {
    const { add, bulk, clock, selfLog, ledger } = openCourier(() => 'hang')
    add([1])
    await clock.advance(10_000)
    const [event] = selfLog.events
    assert.deepEqual(
      [event?.code, event?.failure?.code, event?.items],
      ['bulk.failed', 'response_slow', 1],
    )
    bulk.last.answer(storedAll(1))
    await settled()
    assert.deepEqual(selfLog.codes, ['bulk.failed', 'bulk.recovered'])
    assert.equal(ledger().stored, 1)
  })

  it('is ended and sent again, ambiguous, when a later one is answered', async () => {
    const { add, bulk, clock, ledger } = openCourier(() => 'hang', single)
    add([1, 2])
    await clock.advance(10_000)
    bulk.script = () => answered([409])
    bulk.last.answer(storedAll(1))
    await clock.advance(1000)
    assert.deepEqual(bulk.last.lines, ['{"n":1}'])
    assert.deepEqual([bulk.last.history.ambiguous, bulk.open], [true, 0])
    assert.deepEqual([ledger().stored, ledger().duplicates], [1, 1])
    assert.equal(ledger().conflictUnexpected, 0)
  })
})

describe('stop', () => {
  it('ends what is under way, and gives its documents back', async () => {
    const { add, bulk, courier, queue, ledger, selfLog } = openCourier(() => 'hang', single)
    add(numbers(3))
    await courier.stop()
    assert.deepEqual([bulk.open, courier.requests.inFlight, queue.pending()], [0, 0, 3])
    queue.dropAll('shutdown_deadline')
    assert.equal(ledger().dropped.shutdown_deadline, 3)
    assert.equal(ledger().droppedAmbiguous, 1, 'of the one whose bytes had left')
    assert.deepEqual(selfLog.events, [])
  })

  it('makes nothing ambiguous that had not left', async () => {
    const { add, bulk, courier, queue, ledger } = openCourier(() => 'hang')
    bulk.abortedBodyStarted = false
    add([1])
    await courier.stop()
    queue.dropAll('shutdown_deadline')
    assert.equal(ledger().droppedAmbiguous, 0)
  })

  it('books an answer that came in the same moment', async () => {
    const { add, bulk, courier, ledger } = openCourier(() => 'hang')
    add([1])
    bulk.last.answer(storedAll(1))
    await courier.stop()
    assert.deepEqual([ledger().stored, ledger().pending], [1, 0])
  })

  it('announces the fates that come with it', async () => {
    const { add, bulk, courier, selfLog } = openCourier(() => 'hang', { queue: { flushItems: 2 } })
    add(numbers(2))
    bulk.last.answer(answered([{ status: 400, type: 'strict_dynamic_mapping_exception' }, 503]))
    await courier.stop()
    assert.deepEqual(selfLog.codes, ['items.dead_lettered'])
  })

  it('leaves no timer and sends nothing more', async () => {
    const { add, bulk, courier, clock } = openCourier([broken()], single)
    add(numbers(5))
    await clock.advance(100)
    await courier.stop()
    const { length } = bulk.sent
    add([6])
    courier.hurry()
    await clock.advance(60_000)
    assert.deepEqual([bulk.sent.length, clock.openTimers], [length, 0])
  })

  it('may come twice, and before the start', async () => {
    const { add, bulk, courier, ledger } = openCourier(storeAll, { start: false })
    add([1])
    await courier.stop()
    await courier.stop()
    courier.start(bulk)
    await settled()
    assert.deepEqual([bulk.sent.length, ledger().pending], [0, 1])
  })
})
