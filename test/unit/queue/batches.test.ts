import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { freshHistory } from '../../../src/core/batch.ts'
import { numbers } from '../../helpers/courier-fixture.ts'
import { idsOf, numbersOf, openQueue } from './queue-fixture.ts'

describe('a batch', () => {
  it('is an action line and a line for each document, ending in a newline', () => {
    const { queue, add, take } = openQueue()
    add([1, '{"m":"grün"}'], 'logs-a')
    const batch = take({ idle: true })
    const [first, second] = idsOf(batch)
    assert.equal(
      batch.body.toString(),
      `{"create":{"_index":"logs-a","_id":"${first}"}}\n{"n":1}\n` +
        `{"create":{"_index":"logs-a","_id":"${second}"}}\n{"m":"grün"}\n`,
    )
    assert.equal(batch.line(1).toString(), '{"m":"grün"}')
    assert.equal(batch.bytesOf(0) + batch.bytesOf(1), batch.body.length)
    assert.equal(queue.bytes, batch.body.length)
    assert.deepEqual(batch.history, freshHistory)
  })

  it('carries the pipeline in the action line', () => {
    const { add, take } = openQueue({ pipeline: 'pipe"line' })
    add([1])
    const batch = take({ idle: true })
    const action = JSON.parse(batch.body.toString().split('\n')[0] ?? '') as unknown
    assert.deepEqual(action, {
      create: { _index: 'logs-test', pipeline: 'pipe"line', _id: batch.id(0) },
    })
  })

  it('is closed by the number of its documents', () => {
    const { add, lease } = openQueue({ flushItems: 3 })
    add(numbers(7))
    assert.deepEqual(numbersOf(lease()), [1, 2, 3])
    assert.deepEqual(numbersOf(lease()), [4, 5, 6])
    assert.equal(lease(), undefined)
  })

  it('is closed by its bytes, and never larger but for one document alone', () => {
    const size = openQueue()
    size.add([1])
    const one = size.queue.bytes
    const { add, lease } = openQueue({ flushBytes: 3 * one })
    add([1, 2, 3, 4, `{"n":5,"m":"${'x'.repeat(4 * one)}"}`, 6])
    assert.deepEqual(numbersOf(lease()), [1, 2, 3])
    assert.deepEqual(numbersOf(lease()), [4])
    assert.deepEqual(numbersOf(lease()), [5])
    assert.equal(lease(), undefined)
  })

  it('is closed by the age of its first line', async () => {
    const { add, lease, queue, clock } = openQueue({ flushIntervalMs: 1000 })
    await clock.advance(300)
    add([1])
    await clock.advance(999)
    add([2])
    assert.equal(queue.nextReadyAt(false), 1300)
    assert.equal(lease(), undefined)
    await clock.advance(1)
    assert.deepEqual(numbersOf(lease()), [1, 2])
  })

  it('goes at once when the transport is idle, but not twice within the interval', async () => {
    const { add, lease, queue, clock } = openQueue({ flushIntervalMs: 1000 })
    await clock.advance(5000)
    add([1])
    assert.equal(lease(), undefined, 'not idle')
    assert.deepEqual(numbersOf(lease({ idle: true })), [1])
    await clock.advance(400)
    add([2])
    assert.equal(lease({ idle: true }), undefined)
    assert.equal(queue.nextReadyAt(true), 6000)
    assert.equal(queue.nextReadyAt(false), 6400)
    await clock.advance(600)
    assert.deepEqual(numbersOf(lease({ idle: true })), [2])
  })

  it('has the documents of one index only; indices take turns', () => {
    const { add, lease } = openQueue({ flushItems: 1 })
    add([1, 2, 3, 4], 'busy')
    add([5], 'calm')
    const order = Array.from({ length: 5 }, () => numbersOf(lease())[0])
    assert.deepEqual(order, [1, 5, 2, 3, 4])
  })
})

describe('a lease', () => {
  it('is of a batch that nobody else has', () => {
    const { add, lease, queue } = openQueue({ flushItems: 2 })
    add(numbers(6))
    const ids = [lease(), lease(), lease()].flatMap((batch) => idsOf(batch!))
    assert.equal(new Set(ids).size, 6)
    assert.equal(lease(), undefined)
    assert.equal(queue.nextReadyAt(true), undefined)
    assert.equal(queue.pending(), 6)
  })

  it('ends once', () => {
    const { add, take, queue } = openQueue({ flushItems: 1 })
    add([1])
    const batch = take()
    queue.giveBack(batch, [])
    assert.throws(() => queue.giveBack(batch, []), /not leased/)
    assert.deepEqual([queue.pending(), queue.bytes], [0, 0])
  })

  it('gives back what must go again with the same ids, when its time has come', async () => {
    const { add, take, lease, queue, clock } = openQueue({ flushItems: 4 })
    add(numbers(4))
    const batch = take()
    const ids = idsOf(batch)
    const history = { ...freshHistory, tries: 1, sent: true }
    queue.giveBack(batch, [{ documents: [1, 3], history, readyAt: 700 }])
    assert.equal(queue.pending(), 2)
    assert.equal(queue.nextReadyAt(true), 700)
    assert.equal(lease({ idle: true }), undefined)
    await clock.advance(700)
    const again = take()
    assert.deepEqual(numbersOf(again), [2, 4])
    assert.deepEqual(idsOf(again), [ids[1], ids[3]])
    assert.deepEqual(again.history, history)
    assert.equal(queue.bytes, again.body.length)
  })

  it('changes the line of a mended document and nothing else', () => {
    const { add, take, queue } = openQueue({ flushItems: 3 })
    add(numbers(3))
    const batch = take()
    const id = batch.id(1)
    const history = { ...freshHistory, tries: 1, repaired: true }
    const line = Buffer.from('{"n":2,"mended":true}')
    queue.giveBack(batch, [{ documents: [1], history, readyAt: 0, line }])
    const mended = take()
    assert.equal(
      mended.body.toString(),
      `{"create":{"_index":"logs-test","_id":"${id}"}}\n{"n":2,"mended":true}\n`,
    )
    assert.equal(queue.bytes, mended.body.length)
  })

  it('joins what failed alike and is due, within the limits of a batch', () => {
    const { add, take, lease, queue } = openQueue({ flushItems: 4 })
    add(numbers(12))
    const history = { ...freshHistory, tries: 1, sent: true }
    const batches = [take(), take(), take()]
    for (const batch of batches) {
      queue.giveBack(batch, [{ documents: [0, 3], history, readyAt: 0 }])
    }
    const [first, second] = [numbersOf(lease()), numbersOf(lease())]
    assert.equal(lease(), undefined)
    assert.deepEqual([first.length, second.length], [4, 2])
    assert.deepEqual(
      [...first, ...second].sort((a, b) => a - b),
      [1, 4, 5, 8, 9, 12],
    )
  })

  it('joins nothing with another past', () => {
    const { add, take, lease, queue } = openQueue({ flushItems: 1 })
    add([1, 2, 3])
    const again = { ...freshHistory, tries: 1 }
    for (const change of [{}, { ambiguous: true, sent: true }, { repaired: true }]) {
      const history = { ...again, ...change }
      queue.giveBack(take(), [{ documents: 'all', history, readyAt: 0 }])
      add([])
      const back = take()
      assert.equal(back.count, 1)
    }
    assert.equal(lease(), undefined)
  })

  it('never joins the halves of a batch that is on trial', () => {
    const { add, take, queue } = openQueue({ flushItems: 4 })
    add(numbers(4))
    const history = { ...freshHistory, tries: 1, trial: true }
    queue.giveBack(take(), [
      { documents: [0, 1], history, readyAt: 0 },
      { documents: [2, 3], history, readyAt: 0 },
    ])
    assert.deepEqual(numbersOf(take()), [1, 2])
    assert.deepEqual(numbersOf(take()), [3, 4])
  })

  it('prefers what failed before to what is new', () => {
    const { add, take, queue } = openQueue({ flushItems: 1 })
    add([1, 2, 3])
    const history = { ...freshHistory, tries: 1 }
    queue.giveBack(take(), [{ documents: 'all', history, readyAt: 0 }])
    assert.deepEqual(numbersOf(take()), [1])
    assert.deepEqual(numbersOf(take()), [2])
  })
})

describe('the smallest batch', () => {
  const smallest = { smallest: true, idle: false }
  const marked = { ...freshHistory, tries: 2, trial: true, trialMark: 0 }

  it('is found among all, waiting or not', () => {
    const { add, take, queue } = openQueue({ flushItems: 3 })
    add(numbers(5))
    const history = { ...freshHistory, tries: 1 }
    queue.giveBack(take(), [{ documents: 'all', history, readyAt: 60_000 }])
    assert.deepEqual(numbersOf(queue.lease(smallest)), [4, 5])
    assert.deepEqual(numbersOf(queue.lease(smallest)), [1, 2, 3])
    assert.equal(queue.lease(smallest), undefined)
  })

  it('is another than the one before, while there is another', () => {
    const { add, queue } = openQueue({ flushItems: 1 })
    add([1, 22])
    const first = queue.lease(smallest)!
    assert.deepEqual(numbersOf(first), [1])
    const history = { ...freshHistory, tries: 1 }
    const butNot = first.id(0)
    queue.giveBack(first, [{ documents: 'all', history, readyAt: 0 }])
    assert.deepEqual(numbersOf(queue.lease({ ...smallest, butNot })), [22])
    assert.deepEqual(numbersOf(queue.lease({ ...smallest, butNot })), [1])
  })

  it('is not a suspected line while there are others, of whatever index', () => {
    const { add, take, queue } = openQueue({ flushItems: 1 })
    add([1], 'a')
    queue.giveBack(take(), [{ documents: 'all', history: marked, readyAt: 0 }])
    add(['{"n":2,"much":"longer"}'], 'b')
    assert.deepEqual(numbersOf(queue.lease(smallest)), [2])
    assert.deepEqual(numbersOf(queue.lease(smallest)), [1])
  })

  it('is the other part of the batch that the one before came from', () => {
    const { add, take, queue } = openQueue({ flushItems: 3 })
    add([1, 2, 3333])
    const batch = take()
    const butNot = batch.id(0)
    queue.giveBack(batch, [
      { documents: [0], history: marked, readyAt: 0 },
      { documents: [1], history: marked, readyAt: 0 },
      { documents: [2], history: { ...marked, trialMark: undefined }, readyAt: 0 },
    ])
    assert.deepEqual(numbersOf(queue.lease({ ...smallest, butNot })), [3333])
    assert.deepEqual(numbersOf(queue.lease({ ...smallest, butNot })), [2])
    assert.deepEqual(numbersOf(queue.lease({ ...smallest, butNot })), [1])
  })
})
