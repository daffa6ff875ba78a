import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { numbers, openCourier } from '../../helpers/courier-fixture.ts'
import { answered, storedAll } from '../../helpers/exchanges.ts'
import { settled } from '../../helpers/manual-clock.ts'
import type { Script } from '../../helpers/scripted-bulk.ts'

const storeAll: Script = ({ ids }) => storedAll(ids.length)

describe('the courier’s pace', () => {
  it('sends nothing before it is started, and then all that has waited', async () => {
    const { add, bulk, courier, clock, ledger } = openCourier(storeAll, { start: false })
    add(numbers(3))
    await clock.advance(60_000)
    assert.equal(bulk.sent.length, 0)
    courier.start(bulk)
    await settled()
    assert.deepEqual([bulk.counts, ledger().stored], [[3], 3])
  })

  it('sends the first line of an idle transport at once', async () => {
    const { add, bulk, clock, ledger } = openCourier(storeAll)
    add([1])
    assert.deepEqual(bulk.counts, [1])
    await clock.advance(7000)
    add([2])
    assert.deepEqual(bulk.counts, [1, 1])
    await settled()
    assert.equal(ledger().stored, 2)
  })

  it('gathers a trickle for a second', async () => {
    const { add, bulk, clock } = openCourier(storeAll)
    for (let i = 0; i < 40; i++) {
      add([i])
      await clock.advance(100)
    }
    assert.deepEqual(bulk.counts, [1, 9, 10, 10, 10])
  })

  it('closes a trickle by the age of its oldest line while a request is under way', async () => {
    const { add, bulk, clock, courier } = openCourier(storeAll, { queue: { flushItems: 5 } })
    add(numbers(10))
    await clock.advance(5000)
    assert.equal(courier.requests.limit, 2)
    bulk.script = () => 'hang'
    add(numbers(5))
    await clock.advance(300)
    add([98])
    await clock.advance(999)
    add([99])
    assert.equal(bulk.open, 1)
    await clock.advance(1)
    assert.deepEqual([bulk.open, bulk.last.at], [2, 6300])
    assert.deepEqual(bulk.last.lines, ['{"n":98}', '{"n":99}'])
  })

  it('sends full batches at once, whatever is under way', async () => {
    const { add, bulk } = openCourier(storeAll, { queue: { flushItems: 10 } })
    add(numbers(50))
    await settled()
    assert.deepEqual(bulk.counts, [10, 10, 10, 10, 10])
  })

  it('wakes up by itself', async () => {
    const { add, bulk, clock, ledger } = openCourier(storeAll)
    add([1])
    add([2])
    assert.deepEqual(bulk.counts, [1])
    await clock.advance(999)
    assert.deepEqual(bulk.counts, [1])
    await clock.advance(1)
    assert.deepEqual([bulk.counts, ledger().stored], [[1, 1], 2])
  })

  it('leaves no timer behind when all is done', async () => {
    const { add, clock } = openCourier(storeAll)
    add(numbers(10))
    await clock.advance(60_000)
    assert.equal(clock.openTimers, 0)
  })

  it('asks as its options say', async () => {
    const { add, bulk } = openCourier(storeAll, { options: { gzip: true } })
    add([1])
    await settled()
    assert.deepEqual(bulk.last.ask, { probe: false, withIndex: false, gzip: true, omit: [] })
  })
})

describe('the courier’s limit', () => {
  const items = { flushItems: 1 }

  it('starts with one request, and grows to the maximum while work waits', async () => {
    const { add, bulk, courier } = openCourier(() => 'hang', { queue: items })
    add(numbers(100))
    const open: number[] = []
    for (let i = 0; i < 12; i++) {
      open.push(bulk.open)
      assert.deepEqual(courier.requests, { inFlight: bulk.open, limit: bulk.open })
      bulk.sent[i]?.answer(storedAll(1))
      await settled()
    }
    assert.deepEqual(open, [1, 2, 2, 3, 3, 3, 4, 4, 4, 4, 4, 4])
  })

  it('does not grow when nothing waits', async () => {
    const { add, clock, courier } = openCourier(storeAll)
    for (let i = 0; i < 20; i++) {
      add([i])
      await clock.advance(2000)
    }
    assert.equal(courier.requests.limit, 1)
  })

  it('is halved by a 429, of the whole or of an item', async () => {
    const { add, bulk, courier, clock } = openCourier(storeAll, { queue: items })
    add(numbers(20))
    await clock.advance(1)
    assert.equal(courier.requests.limit, 4)
    bulk.script = [answered([429])]
    add([21])
    await settled()
    assert.equal(courier.requests.limit, 2)
  })

  it('is halved once for requests that were under way together', async () => {
    const { add, bulk, courier, clock } = openCourier(storeAll, { queue: items })
    add(numbers(20))
    await clock.advance(1)
    bulk.script = () => 'hang'
    add(numbers(4, 100))
    assert.equal(bulk.open, 4)
    await clock.advance(50)
    for (const sent of bulk.sent.slice(-4)) sent.answer(answered([429]))
    await settled()
    assert.equal(courier.requests.limit, 2)
  })

  it('is not touched by a cluster block', async () => {
    const { add, bulk, courier, clock } = openCourier(storeAll, { queue: items })
    add(numbers(20))
    await clock.advance(1)
    bulk.script = [answered([{ status: 429, type: 'cluster_block_exception' }])]
    add([21])
    await settled()
    assert.equal(courier.requests.limit, 4)
  })
})
