import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { freshHistory } from '../../../src/core/batch.ts'
import { numbersOf, openQueue } from './queue-fixture.ts'

describe('a barrier', () => {
  it('counts what was accepted before it, and not what comes later', () => {
    const { add, take, queue } = openQueue()
    add([1, 2], 'a')
    add([3], 'b')
    const barrier = queue.seal()
    add([4, 5], 'a')
    assert.equal(queue.pendingUpTo(barrier), 3)
    assert.equal(queue.pendingUpTo(queue.seal()), 5)
    queue.giveBack(take(), [])
    queue.giveBack(take(), [])
    assert.equal(queue.pendingUpTo(barrier), 0)
    assert.equal(queue.pending(), 2)
  })

  it('counts lines that have not been gathered yet', () => {
    const { add, queue } = openQueue()
    add([1, 2, 3])
    assert.equal(queue.pendingUpTo(3), 3)
    assert.equal(queue.pendingUpTo(0), 0)
  })

  it('counts what is on its way and what goes again', () => {
    const { add, take, queue } = openQueue({ flushItems: 3 })
    add([1, 2, 3])
    const barrier = queue.seal()
    add([4])
    const batch = take()
    assert.equal(queue.pendingUpTo(barrier), 3)
    const history = { ...freshHistory, tries: 1 }
    queue.giveBack(batch, [{ documents: [0, 2], history, readyAt: 0 }])
    assert.equal(queue.pendingUpTo(barrier), 2)
    assert.deepEqual(numbersOf(take()), [1, 3])
  })

  it('is not blurred when documents of both its sides go again together', async () => {
    const { add, take, lease, queue, clock } = openQueue()
    const history = { ...freshHistory, tries: 1 }
    add([1])
    const barrier = queue.seal()
    add([2])
    await clock.advance(1000)
    const both = [take(), take()]
    for (const batch of both) queue.giveBack(batch, [{ documents: 'all', history, readyAt: 0 }])
    const first = take()
    assert.deepEqual(numbersOf(first), [1])
    queue.giveBack(first, [])
    assert.equal(queue.pendingUpTo(barrier), 0)
    assert.deepEqual(numbersOf(lease()), [2])
  })

  it('ends the batch that is being gathered', () => {
    const { add, lease, queue } = openQueue()
    add([1])
    queue.seal()
    add([2])
    assert.deepEqual(numbersOf(lease()), [1])
    assert.equal(lease(), undefined)
  })

  it('is 0 when nothing was accepted', () => {
    const { queue } = openQueue()
    assert.equal(queue.seal(), 0)
    assert.equal(queue.pendingUpTo(0), 0)
  })
})
