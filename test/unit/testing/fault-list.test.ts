import assert from 'node:assert/strict'
import { it } from 'node:test'
import { FaultList } from '../../../src/testing/fault-list.ts'
import type { Fault, FaultWhen } from '../../../src/testing/index.ts'

const list = (...faults: readonly Fault[]): FaultList => {
  const created = new FaultList(
    'a',
    () => undefined,
    () => undefined,
  )
  for (const fault of faults) created.add(fault)
  return created
}
const request = (
  number: number,
  more: { now?: number; bytes?: number; bulkNumber?: number } = {},
) => ({
  now: performance.now(),
  number,
  bulkNumber: number,
  bytes: 100,
  wireBytes: 100,
  ...more,
})

/** Of the first twelve bulk requests: those that a fault with this `when` hit. */
const hits = (when: FaultWhen): readonly number[] => {
  const faults = list({ kind: 'hang', when })
  const numbers = Array.from({ length: 12 }, (_, i) => i + 1)
  return numbers.filter((number) => faults.planAnswer(request(number)).answer !== undefined)
}

it('applies by number, from and to, every n-th, a number of times', () => {
  assert.deepEqual(hits({ requests: [3, 5] }), [3, 4, 5])
  assert.deepEqual(hits({ requests: [11] }), [11, 12])
  assert.deepEqual(hits({ every: 4 }), [4, 8, 12])
  assert.deepEqual(hits({ every: 2, requests: [5], times: 2 }), [6, 8])
  assert.deepEqual(hits({ minBytes: 100 }), [])
  assert.deepEqual(hits({ node: 'b' }), [])
})

it('applies by chance, the same with the same seed', () => {
  const some = hits({ probability: 0.5, seed: 3 })
  assert.ok(some.length > 1 && some.length < 11, String(some))
  assert.deepEqual(hits({ probability: 0.5, seed: 3 }), some)
  assert.notDeepEqual(hits({ probability: 0.5, seed: 4 }), some)
})

it('applies within its time only', () => {
  const faults = list({ kind: 'hang', when: { afterMs: 1_000, forMs: 500 } })
  const now = performance.now()
  const at = (ms: number) => faults.planAnswer(request(1, { now: now + ms })).answer
  assert.equal(at(0), undefined)
  assert.ok(at(1_200))
  assert.equal(at(1_600), undefined)
})

it('leaves other requests alone unless path is any', () => {
  const search = () => ({ ...request(7), bulkNumber: undefined })
  assert.equal(list({ kind: 'hang' }).planAnswer(search()).answer, undefined)
  const any = list({ kind: 'hang', when: { path: 'any', requests: [7, 7] } })
  assert.ok(any.planAnswer(search()).answer)
})

it('lets the first in the list win, and slow, items and reset-on-reuse work beside it', () => {
  const faults = list(
    { kind: 'items', status: 429 },
    { kind: 'status', status: 503, when: { times: 1 } },
    { kind: 'html' },
    { kind: 'slow', delayMs: 5 },
    { kind: 'reset-on-reuse' },
  )
  const plan = faults.planAnswer(request(1))
  assert.equal(plan.answer?.kind, 'status')
  assert.equal(plan.items.length, 1)
  assert.equal(plan.trap?.kind, 'reset-on-reuse')
  assert.equal(faults.planUpload(request(1)).slow?.delayMs, 5)
  assert.equal(faults.planAnswer(request(2)).answer?.kind, 'html')
  faults.clear()
  assert.equal(faults.planAnswer(request(3)).answer, undefined)
  assert.deepEqual(faults.list, [])
})

it('refuses faults that could never do what they say', () => {
  const bad = [
    { kind: 'explode' },
    { kind: 'status' },
    { kind: 'too-large' },
    { kind: 'status', status: 42 },
    { kind: 'items', status: 429, fraction: 2 },
    { kind: 'hang', when: { every: 0 } },
    { kind: 'hang', when: { requests: [0] } },
    { kind: 'hang', when: { requests: [5, 3] } },
    { kind: 'slow', bytesPerSecond: 0 },
  ] as unknown as Fault[]
  for (const fault of bad) {
    assert.throws(() => list(fault), { name: 'TypeError', message: /in the fault \{"kind"/ })
  }
})
