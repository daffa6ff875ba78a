import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Exchange } from '../../../src/core/exchange.ts'
import { numbers, openCourier } from '../../helpers/courier-fixture.ts'
import { answered, refused, storedAll } from '../../helpers/exchanges.ts'
import { settled } from '../../helpers/manual-clock.ts'
import type { Sent } from '../../helpers/scripted-bulk.ts'

/** Refuses a whole request for one bad line. */
function dislikes(bad: (line: string) => boolean, status = 400) {
  return ({ lines }: Sent): Exchange =>
    lines.some(bad) ? refused(status) : storedAll(lines.length)
}

const isNumber = (n: number) => (line: string) => line === `{"n":${n}}`

describe('a whole request refused for one line', () => {
  for (const bad of [1, 9, 16]) {
    it(`is searched until line ${bad} of 16 stands alone; the others are stored`, async () => {
      const fixture = openCourier(dislikes(isNumber(bad)), { queue: { flushItems: 16 } })
      const { add, bulk, clock, ledger, selfLog } = fixture
      add(numbers(16))
      await settled()
      assert.equal(ledger().stored, 15)
      assert.ok(bulk.sent.length <= 1 + 2 * 4, `${bulk.sent.length} requests`)
      add([17])
      await clock.advance(15_000)
      assert.deepEqual([ledger().stored, ledger().deadLettered], [16, 1])
      const [event] = selfLog.of('items.dead_lettered')
      assert.deepEqual([event?.items, event?.ambiguous, event?.kept], [1, 1, 'none'])
      assert.equal(event?.failure?.code, 'http_400')
      const line = `{"n":${bad}}`
      const lastWithIt = bulk.sent.filter(({ lines }) => lines.includes(line)).at(-1)
      assert.deepEqual(lastWithIt?.lines, [line])
    })
  }

  it('finds each of several bad lines', async () => {
    const bad = new Set([3, 64, 65, 100, 200].map((n) => `{"n":${n}}`))
    const { add, clock, ledger } = openCourier(
      dislikes((line) => bad.has(line)),
      { queue: { flushItems: 200 } },
    )
    add(numbers(200))
    await clock.advance(15_000)
    add([201])
    await clock.advance(15_000)
    assert.deepEqual([ledger().stored, ledger().deadLettered], [196, 5])
  })

  it('keeps ids and lines as they are', async () => {
    const { add, bulk, clock } = openCourier(dislikes(isNumber(2)), { queue: { flushItems: 8 } })
    add(numbers(8))
    await clock.advance(5000)
    const lineOf = new Map<string, string>()
    for (const { ids, lines } of bulk.sent) {
      for (const [i, id] of ids.entries()) {
        assert.equal(lineOf.get(id) ?? lines[i], lines[i])
        lineOf.set(id, lines[i] ?? '')
      }
    }
    assert.equal(lineOf.size, 8)
  })

  it('holds up no other batch', async () => {
    const { add, ledger, clock } = openCourier(dislikes(isNumber(1)), { queue: { flushItems: 64 } })
    add(numbers(640))
    await clock.advance(1)
    assert.equal(ledger().stored, 639)
  })
})

describe('a line that is refused alone', () => {
  it('waits until another has passed', async () => {
    const { add, bulk, clock, ledger, selfLog } = openCourier(dislikes(isNumber(1)))
    add([1])
    await clock.advance(120_000)
    assert.deepEqual([ledger().pending, ledger().deadLettered], [1, 0])
    assert.ok(bulk.sent.length > 5 && bulk.sent.length < 40, `${bulk.sent.length} tries`)
    assert.deepEqual(selfLog.of('target.refused'), [], 'one line says nothing of the target')
    add([2])
    await clock.advance(15_000)
    assert.deepEqual([ledger().stored, ledger().deadLettered, ledger().pending], [1, 1, 0])
  })

  it('is only one line, however often: two are no fault of the target', async () => {
    const { add, clock, selfLog, courier } = openCourier(
      dislikes(() => true),
      { queue: { flushItems: 1 } },
    )
    add([1, 2])
    await clock.advance(60_000)
    assert.deepEqual(selfLog.of('target.refused'), [])
    assert.equal(courier.breaker, 'closed')
  })

  it('is not counted when the server was broken, busy or shut', async () => {
    const script = [refused(503), refused(429), refused(503), refused(400)]
    const { add, clock, selfLog } = openCourier(script)
    add([1])
    await clock.advance(60_000)
    assert.deepEqual(selfLog.of('target.refused'), [])
  })
})

describe('three lines refused alone, and none passed', () => {
  const refusesAll = dislikes(() => true)

  it('are a fault of the target: all is held and probed every 10 s', async () => {
    const { add, bulk, clock, ledger, selfLog, courier } = openCourier(refusesAll, {
      queue: { flushItems: 100 },
    })
    add(numbers(100))
    await settled()
    assert.equal(courier.breaker, 'open')
    assert.ok(selfLog.open.includes('target.refused'))
    const before = bulk.sent.length
    assert.ok(before < 30, `${before} requests`)
    await clock.advance(60_000)
    assert.equal(bulk.sent.length - before, 6)
    assert.deepEqual([ledger().pending, ledger().deadLettered], [100, 0])
    assert.deepEqual(selfLog.of('target.restored'), [], 'a refusal restores nothing')
  })

  it('are all stored once it is mended', async () => {
    const { add, bulk, clock, ledger, selfLog } = openCourier(refusesAll, {
      queue: { flushItems: 100 },
    })
    add(numbers(250))
    await clock.advance(300_000)
    bulk.script = ({ ids }) => storedAll(ids.length)
    await clock.advance(30_000)
    assert.deepEqual([ledger().stored, ledger().pending], [250, 0])
    assert.deepEqual(selfLog.open, [])
    assert.equal(selfLog.of('target.restored').length, 1)
  })

  it('are given up when the probe finds a line that passes', async () => {
    const bad = new Set(['{"n":1}', '{"n":2}', '{"n":3}'])
    const { add, clock, ledger, selfLog } = openCourier(
      dislikes((line) => bad.has(line)),
      { queue: { flushItems: 8 }, options: { concurrency: 1 } },
    )
    add(numbers(8))
    await settled()
    assert.deepEqual([ledger().stored, selfLog.of('target.refused').length], [0, 1])
    await clock.advance(10_000)
    assert.equal(selfLog.of('target.restored').length, 1)
    await clock.advance(15_000)
    assert.deepEqual([ledger().stored, ledger().deadLettered], [5, 3])
    assert.deepEqual(selfLog.open, [])
  })

  it('do not hide the good lines of other indices from the probe', async () => {
    const { add, bulk, clock, ledger } = openCourier(refusesAll, { queue: { flushItems: 1 } })
    add([1, 2, 3], 'bad')
    await settled()
    bulk.script = dislikes((line) => line.length < 10)
    add(['{"n":4,"good":"and much longer than the others"}'], 'good')
    await clock.advance(10_000)
    assert.equal(ledger().stored, 1)
    await clock.advance(15_000)
    assert.deepEqual([ledger().deadLettered, ledger().pending], [3, 0])
  })
})

describe('a body that is too large', () => {
  it('is halved until it passes; nothing is lost', async () => {
    const { add, bulk, clock, ledger } = openCourier(
      ({ ids }) => (ids.length > 7 ? refused(413) : storedAll(ids.length)),
      { queue: { flushItems: 50 } },
    )
    add(numbers(150))
    await clock.advance(1)
    assert.deepEqual([ledger().stored, ledger().pending], [150, 0])
    assert.ok(bulk.sent.length < 60, `${bulk.sent.length} requests`)
  })

  it('is one line too large: given up when others have passed', async () => {
    const wide = `{"wide":"${'x'.repeat(500)}"}`
    const { add, clock, ledger } = openCourier(
      ({ bytes, ids }) => (bytes > 500 ? refused(413) : storedAll(ids.length)),
      { queue: { flushItems: 4 } },
    )
    add([1, 2, wide, 4])
    await clock.advance(60_000)
    assert.deepEqual([ledger().stored, ledger().pending], [3, 1])
    add([5])
    await clock.advance(15_000)
    assert.deepEqual([ledger().stored, ledger().deadLettered], [4, 1])
  })

  it('has one operation over the server’s limit, and all are told so: only that one is given up', async () => {
    const tooLarge = {
      status: 429,
      type: 'es_rejected_execution_exception',
      reason:
        'Request contains an operation of size [2] bytes, which exceeds the maximum allowed limit of [1] bytes',
    }
    const { add, clock, ledger } = openCourier(
      ({ lines }) =>
        lines.includes('{"n":5}') ? answered(lines.map(() => tooLarge)) : storedAll(lines.length),
      { queue: { flushItems: 16 } },
    )
    add(numbers(16))
    await clock.advance(1000)
    assert.deepEqual([ledger().stored, ledger().deadLettered], [15, 1])
  })
})
