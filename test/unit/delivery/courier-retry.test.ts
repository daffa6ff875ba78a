import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Exchange } from '../../../src/core/exchange.ts'
import type { CourierFixture } from '../../helpers/courier-fixture.ts'
import { numbers, openCourier } from '../../helpers/courier-fixture.ts'
import { answered, broken, refused, storedAll } from '../../helpers/exchanges.ts'
import { settled } from '../../helpers/manual-clock.ts'
import type { Script } from '../../helpers/scripted-bulk.ts'

const storeAll: Script = ({ ids }) => storedAll(ids.length)
const almostOne = () => 1 - 2 ** -40

/** The times at which requests went out, in whole ms. */
async function sendTimes(
  { clock, bulk }: Pick<CourierFixture, 'clock' | 'bulk'>,
  untilMs: number,
): Promise<readonly number[]> {
  await clock.advance(untilMs)
  return bulk.sent.map(({ at }) => Math.round(at))
}

describe('a request that failed', () => {
  it('goes again after at most 0.5 s, doubling', async () => {
    const fixture = openCourier([broken()], { random: almostOne })
    fixture.add([1])
    assert.deepEqual(await sendTimes(fixture, 7600), [0, 500, 1500, 3500, 7500])
  })

  it('goes again at once where chance wills it', async () => {
    const { add, bulk, clock, ledger } = openCourier([broken(), broken(), storedAll(1)], {
      random: () => 0,
    })
    add([1])
    await clock.advance(10)
    assert.deepEqual([bulk.sent.length, ledger().stored], [3, 1])
  })

  it('waits at most 15 s, however often it was put off', async () => {
    const fixture = openCourier([refused(429)], { random: almostOne })
    fixture.add([1])
    const times = await sendTimes(fixture, 120_000)
    const gaps = times.slice(1).map((time, i) => time - (times[i] ?? 0))
    assert.deepEqual(gaps.slice(0, 5), [500, 1000, 2000, 4000, 8000])
    assert.ok(gaps.length > 10 && gaps.slice(5).every((gap) => gap === 15_000))
  })

  it('keeps its ids, and becomes ambiguous once bytes had left', async () => {
    const cut = broken('ECONNRESET', { bodyStarted: true, phase: 'wait' })
    const { add, bulk, clock, ledger } = openCourier([broken(), cut, broken(), answered([409])])
    add([1])
    await clock.advance(30_000)
    assert.equal(new Set(bulk.sent.flatMap(({ ids }) => ids)).size, 1)
    assert.deepEqual(
      bulk.sent.map(({ history: { tries, sent, ambiguous } }) => [tries, sent, ambiguous]),
      [
        [0, false, false],
        [1, false, false],
        [2, true, true],
        [3, true, true],
      ],
    )
    assert.equal(ledger().duplicates, 1)
    assert.equal(ledger().conflictUnexpected, 0)
  })

  it('takes no place from others while it waits', async () => {
    const { add, bulk, ledger, clock } = openCourier(
      ({ lines }) => (lines[0] === '{"n":1}' ? broken() : storedAll(lines.length)),
      { queue: { flushItems: 1 }, random: almostOne },
    )
    add(numbers(30))
    await settled()
    assert.deepEqual([ledger().stored, bulk.sent.length], [29, 30])
    await clock.advance(500)
    assert.equal(bulk.sent.length, 31)
  })
})

describe('items that are put off', () => {
  it('go again, and they alone, with the same ids', async () => {
    const first = answered([201, 429, 201, 503, 409])
    const { add, bulk, clock, ledger } = openCourier([first, storedAll(2)], {
      queue: { flushItems: 5 },
    })
    add(numbers(5))
    await clock.advance(500)
    assert.deepEqual(bulk.counts, [5, 2])
    const [all, again] = bulk.sent
    assert.deepEqual(again?.ids, [all?.ids[1], all?.ids[3]])
    assert.deepEqual(again?.lines, ['{"n":2}', '{"n":4}'])
    assert.deepEqual([again?.history.ambiguous, again?.history.sent], [false, true])
    assert.deepEqual([ledger().stored, ledger().duplicates], [4, 1])
  })

  it('travel together, whatever batches they come from', async () => {
    const { add, bulk, clock } = openCourier(
      ({ ids, history }) =>
        history.tries > 0 ? storedAll(ids.length) : answered([201, 201, 201, 503]),
      { queue: { flushItems: 4 }, random: almostOne },
    )
    add(numbers(40))
    await clock.advance(2000)
    assert.deepEqual(bulk.counts, [...new Array<number>(10).fill(4), 4, 4, 2])
  })
})

describe('Retry-After', () => {
  for (const [says, exchange] of [
    ['a 429', refused(429, { retryAfterMs: 20_000 })],
    ['a 503', refused(503, { retryAfterMs: 20_000 })],
  ] as const) {
    it(`of ${says} keeps everything back for so long`, async () => {
      const { add, bulk, clock, ledger } = openCourier([exchange, storedAll(1)], {
        queue: { flushItems: 1 },
      })
      add([1, 2])
      await clock.advance(19_999)
      assert.equal(bulk.sent.length, 1)
      await clock.advance(1)
      assert.equal(ledger().stored, 2)
    })
  }

  it('of a day is honoured for 5 minutes', async () => {
    const { add, clock, ledger } = openCourier([
      refused(503, { retryAfterMs: 86_400_000 }),
      storedAll(1),
    ])
    add([1])
    await clock.advance(299_999)
    assert.equal(ledger().stored, 0)
    await clock.advance(15_001)
    assert.equal(ledger().stored, 1)
  })
})

describe('an outage', () => {
  it('is probed after 1, 2, 4, 8, 10, 10 … s, with one request', async () => {
    const fixture = openCourier([broken()], { random: () => 0, queue: { flushItems: 2 } })
    fixture.add(numbers(9))
    assert.equal(fixture.courier.breaker, 'closed')
    const times = await sendTimes(fixture, 46_000)
    assert.deepEqual(times, [0, 0, 0, 0, 0, 1000, 3000, 7000, 15_000, 25_000, 35_000, 45_000])
    assert.ok(fixture.bulk.sent.slice(5).every(({ ask }) => ask.probe))
    assert.ok(fixture.bulk.sent.slice(0, 5).every(({ ask }) => !ask.probe))
    assert.equal(fixture.courier.breaker, 'open')
    assert.equal(fixture.bulk.mostOpen, 1)
  })

  it('is probed with the smallest batch, and with another each time', async () => {
    const fixture = openCourier([broken()], { random: () => 0, queue: { flushItems: 5 } })
    fixture.add(numbers(12))
    await fixture.clock.advance(30_000)
    const probes = fixture.bulk.sent.filter(({ ask }) => ask.probe).map(({ lines }) => lines[0])
    assert.equal(probes[0], '{"n":11}')
    assert.ok(probes.every((line, i) => line !== probes[i + 1]))
  })

  it('ends with the first answer, and all that waited is stored', async () => {
    const fixture = openCourier([broken()], { queue: { flushItems: 10 } })
    const { add, bulk, clock, ledger, courier } = fixture
    for (let i = 0; i < 100; i++) {
      add(numbers(10, 10 * i))
      await clock.advance(1000)
    }
    assert.equal(ledger().pending, 1000)
    bulk.script = storeAll
    add([5000])
    await clock.advance(30_000)
    assert.deepEqual([ledger().stored, ledger().pending], [1001, 0])
    assert.equal(courier.breaker, 'closed')
  })

  it('is over for new lines within 30 s of the first moment at which one would be answered', async () => {
    for (let outageMs = 1000; outageMs < 60_000; outageMs += 3700) {
      const { add, bulk, clock, ledger } = openCourier([broken('response_timeout')], {
        random: almostOne,
      })
      add([0])
      await clock.advance(outageMs)
      bulk.script = storeAll
      add([1])
      await clock.advance(30_000)
      assert.equal(ledger().stored, 2, `after ${outageMs} ms`)
    }
  })

  it('counts any answer below 500 as health', async () => {
    const fixture = openCourier(
      [...new Array<Exchange>(5).fill(broken()), refused(429), storedAll(1)],
      {
        random: () => 0,
      },
    )
    fixture.add([1])
    await fixture.clock.advance(999)
    assert.equal(fixture.courier.breaker, 'open')
    await fixture.clock.advance(1)
    assert.equal(fixture.courier.breaker, 'closed')
  })

  it('does not keep a closing transport waiting', async () => {
    const { add, bulk, clock, courier, queue, ledger } = openCourier([broken()])
    add([1])
    await clock.advance(40_000)
    bulk.script = storeAll
    queue.hurry()
    courier.hurry()
    await settled()
    assert.equal(ledger().stored, 1)
  })
})
