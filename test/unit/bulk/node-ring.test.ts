import assert from 'node:assert/strict'
import { it } from 'node:test'
import { NodeRing } from '../../../src/bulk/node-ring.ts'
import { ShiftedClock } from '../../helpers/shifted-clock.ts'

it('goes round', () => {
  const ring = new NodeRing(3, new ShiftedClock())
  assert.deepEqual(
    [1, 2, 3, 4].map(() => ring.next()),
    [0, 1, 2, 0],
  )
})

it('leaves out a node for 10 s after it failed, or until it works', () => {
  const clock = new ShiftedClock()
  const ring = new NodeRing(2, clock)
  ring.cool(0)
  assert.deepEqual(
    [1, 2].map(() => ring.next()),
    [1, 1],
  )
  clock.skip(9900)
  assert.equal(ring.next(), 1)
  clock.skip(100)
  assert.equal(ring.next(), 0)
  ring.cool(1)
  ring.worked(1)
  assert.equal(ring.next(), 1)
})

it('takes the one that has been cooling for longest where all are', () => {
  const clock = new ShiftedClock()
  const ring = new NodeRing(3, clock)
  for (const node of [1, 2, 0]) {
    ring.cool(node)
    clock.skip(10)
  }
  assert.equal(ring.next(), 1)
  ring.cool(1)
  assert.equal(ring.next(), 2)
})

it('offers for a quick try only what was not tried and is not cooling', () => {
  const ring = new NodeRing(3, new ShiftedClock())
  assert.equal(ring.next(), 0)
  assert.equal(ring.nextFresh(new Set([0])), 1)
  ring.cool(1)
  assert.equal(ring.nextFresh(new Set([0])), 2)
  assert.equal(ring.nextFresh(new Set([0, 2])), undefined)
})
