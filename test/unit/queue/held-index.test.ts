import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { freshHistory } from '../../../src/core/batch.ts'
import { numbersOf, openQueue } from './queue-fixture.ts'

const again = { ...freshHistory, tries: 1, sent: true }

describe('a held index', () => {
  it('keeps its documents back and nobody else’s', () => {
    const { add, lease, queue } = openQueue({ flushItems: 1 })
    add([1], 'held')
    queue.holdIndex('held', 10_000)
    add([2, 3], 'free')
    assert.ok(queue.isHeld('held') && !queue.isHeld('free'))
    assert.deepEqual([numbersOf(lease()), numbersOf(lease()), lease()], [[2], [3], undefined])
    assert.equal(queue.nextReadyAt(true), 10_000)
  })

  it('sends one batch when its time has come, and no second before the answer', async () => {
    const { add, take, lease, queue, clock } = openQueue({ flushItems: 1 })
    add([1, 2], 'held')
    queue.holdIndex('held', 10_000)
    await clock.advance(10_000)
    const probe = take()
    assert.equal(lease(), undefined)
    assert.equal(queue.nextReadyAt(true), undefined)
    queue.giveBack(probe, [{ documents: 'all', history: again, readyAt: 10_000 }])
    queue.holdIndex('held', 20_000)
    assert.equal(lease(), undefined)
    assert.equal(queue.nextReadyAt(true), 20_000)
  })

  it('goes on when it is released', () => {
    const { add, lease, queue } = openQueue({ flushItems: 1 })
    add([1, 2], 'held')
    queue.holdIndex('held', 10_000)
    queue.releaseIndex('held')
    assert.deepEqual([numbersOf(lease()), numbersOf(lease())], [[1], [2]])
  })

  it('is no trouble of the others', () => {
    const { add, take, queue } = openQueue({ flushItems: 1 })
    add([1], 'held')
    queue.giveBack(take(), [{ documents: 'all', history: again, readyAt: 0 }])
    assert.equal(queue.troubled(), 1)
    queue.holdIndex('held', 10_000)
    assert.equal(queue.troubled(), 0)
  })

  it('gives no probe for the server before its time, but one when nothing else is there', async () => {
    const { add, queue, clock } = openQueue({ flushItems: 1 })
    const wish = { smallest: true, idle: true }
    add([1], 'held')
    queue.holdIndex('held', 10_000)
    assert.equal(queue.lease(wish), undefined)
    await clock.advance(10_000)
    add([22], 'free')
    assert.deepEqual(numbersOf(queue.lease(wish)), [22])
    assert.deepEqual(numbersOf(queue.lease(wish)), [1])
    assert.equal(queue.nextReadyAt(true), undefined)
  })
})

describe('hurry', () => {
  it('ends back-off and hold', () => {
    const { add, take, lease, queue } = openQueue({ flushItems: 2 })
    add([1, 2], 'free')
    queue.giveBack(take(), [{ documents: 'all', history: again, readyAt: 9000 }])
    add([3], 'held')
    queue.holdIndex('held', 10_000)
    add([4], 'young')
    queue.hurry()
    const all = [lease(), lease(), lease()].map(numbersOf)
    assert.deepEqual(all.sort(), [[1, 2], [3], [4]])
  })
})
