import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Exchange } from '../../../src/core/exchange.ts'
import { numbers, openCourier } from '../../helpers/courier-fixture.ts'
import { answered, broken, refused, storedAll } from '../../helpers/exchanges.ts'
import { settled } from '../../helpers/manual-clock.ts'
import type { Script, Sent } from '../../helpers/scripted-bulk.ts'

const storeAll: Script = ({ ids }) => storedAll(ids.length)
const noIndex = { status: 404, type: 'index_not_found_exception', reason: 'no such index [held]' }

/** Refuses each document of the index `held`. */
const heldIndex = ({ index, ids }: Sent): Exchange =>
  index === 'held' ? answered(ids.map(() => noIndex)) : storedAll(ids.length)

for (const [code, restored, exchange] of [
  ['access.refused', 'access.restored', refused(401)],
  ['access.refused', 'access.restored', broken('CERT_HAS_EXPIRED', { phase: 'tls' })],
  ['target.refused', 'target.restored', refused(404)],
  ['target.refused', 'target.restored', refused(400, { reason: 'no handler found for uri [/]' })],
] as const) {
  const says = exchange.kind === 'refused' ? exchange.status : 'a bad certificate'
  describe(`${code}, for ${says}`, () => {
    it('holds everything from the first answer on, and probes every 10 s', async () => {
      const { add, bulk, clock, ledger, selfLog } = openCourier([exchange], {
        queue: { flushItems: 10 },
      })
      add(numbers(100))
      await clock.advance(60_000)
      assert.deepEqual(
        bulk.sent.map(({ at, ask }) => [at, ask.probe]),
        [0, 10_000, 20_000, 30_000, 40_000, 50_000, 60_000].map((at) => [at, at > 0]),
      )
      assert.deepEqual([ledger().pending, ledger().deadLettered], [100, 0])
      assert.deepEqual(selfLog.open, [code])
      const event = selfLog.events[0]
      assert.deepEqual([event?.code, event?.items, event?.fate], [code, 10, 'held_memory'])
      assert.equal(event?.nextRetryMs, 10_000)
    })

    it('lets all go when the probe passes', async () => {
      const { add, bulk, clock, ledger, selfLog } = openCourier([exchange], {
        queue: { flushItems: 10 },
      })
      add(numbers(100))
      await clock.advance(5 * 60_000)
      bulk.script = storeAll
      await clock.advance(10_000)
      assert.equal(selfLog.of(restored).length, 1)
      await clock.advance(15_000)
      assert.equal(ledger().stored, 100)
      assert.deepEqual(selfLog.open, [])
    })
  })
}

describe('an access hold', () => {
  it('outlives a broken server in between', async () => {
    const { add, bulk, clock, ledger, selfLog } = openCourier([refused(401)])
    add([1])
    await clock.advance(1000)
    bulk.script = [broken()]
    await clock.advance(60_000)
    assert.deepEqual(selfLog.of('access.restored'), [])
    bulk.script = storeAll
    await clock.advance(10_000)
    assert.equal(ledger().stored, 1)
    assert.deepEqual(selfLog.open, [])
  })
})

describe('a held index', () => {
  it('does not hold the others, and is probed every 10 s', async () => {
    const { add, bulk, clock, ledger, selfLog } = openCourier(heldIndex, {
      queue: { flushItems: 5 },
    })
    add(numbers(15), 'held')
    add(numbers(15), 'free')
    for (let i = 0; i < 35; i++) {
      await clock.advance(1000)
      add([i], 'free')
    }
    await clock.advance(1000)
    assert.equal(ledger().stored, 50)
    const times = bulk.sent.filter(({ index }) => index === 'held').map(({ at }) => at)
    const later = times.filter((at) => at > 1000)
    assert.deepEqual(later, [10_000, 20_000, 30_000])
    assert.deepEqual(selfLog.open, ['index.held held'])
    assert.deepEqual([ledger().pending, ledger().deadLettered], [15, 0])
    const event = selfLog.of('index.held')[0]
    assert.deepEqual(
      [event?.index, event?.items, event?.failure?.code],
      ['held', 5, 'index_not_found_exception'],
    )
  })

  it('is released by the first document that is stored, and all go', async () => {
    const { add, bulk, clock, ledger, selfLog } = openCourier(heldIndex, {
      queue: { flushItems: 5 },
    })
    add(numbers(25), 'held')
    await clock.advance(60_000)
    bulk.script = storeAll
    await clock.advance(10_000)
    assert.equal(ledger().stored, 25)
    assert.deepEqual(selfLog.open, [])
    assert.equal(selfLog.of('index.released')[0]?.index, 'held')
  })

  it('is released by a document that is judged by itself, even if it is refused', async () => {
    const { add, bulk, clock, ledger, selfLog } = openCourier(heldIndex)
    add([1], 'held')
    await clock.advance(5000)
    bulk.script = [answered([{ status: 400, type: 'document_parsing_exception' }])]
    await clock.advance(5000)
    assert.equal(ledger().deadLettered, 1)
    assert.deepEqual(selfLog.open, [], 'nothing is left to probe it with')
  })

  it('is probed after the server was away, though nothing else is there to probe with', async () => {
    const { add, bulk, clock, ledger, selfLog, courier } = openCourier(heldIndex)
    add([1], 'held')
    await settled()
    bulk.script = [broken()]
    await clock.advance(120_000)
    assert.equal(courier.breaker, 'open')
    const { length } = bulk.sent
    bulk.script = storeAll
    await clock.advance(11_000)
    assert.equal(bulk.sent.length, length + 1)
    assert.equal(ledger().stored, 1)
    assert.deepEqual(selfLog.open, [])
    assert.ok(clock.fired < 100, `woke up ${clock.fired} times`)
  })

  it('is probed while access is refused, and nothing else is there', async () => {
    const { add, bulk, clock, ledger, selfLog } = openCourier(heldIndex)
    add([1], 'held')
    await settled()
    bulk.script = [refused(401)]
    await clock.advance(60_000)
    bulk.script = storeAll
    await clock.advance(20_000)
    assert.equal(ledger().stored, 1)
    assert.deepEqual(selfLog.open, [])
  })

  it('keeps its own time when a request that went out before is answered', async () => {
    const { add, bulk, clock, ledger } = openCourier(storeAll, { queue: { flushItems: 1 } })
    add(numbers(20), 'warm')
    await clock.advance(1)
    bulk.script = () => 'hang'
    add([1, 2], 'held')
    const [first, second] = bulk.sent.slice(-2)
    first?.answer(answered([noIndex]))
    await settled()
    second?.answer(storedAll(1))
    bulk.script = storeAll
    await settled()
    assert.equal(ledger().stored, 22, 'released: it takes documents')
  })
})
