import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Json } from '../../../src/testing/index.ts'
import { consultOracle } from '../../../src/testing/oracle.ts'

const stored = (sources: readonly Record<string, Json>[]) =>
  sources.map((source, i) => ({ index: 'app', id: `d${i}`, source, at: 0 }))

it('counts what is lost, what is there twice and what nobody expected', () => {
  const documents = stored([{ seq: 1 }, { seq: 3 }, { seq: 3 }, { seq: 9 }, { msg: 'no seq' }])
  assert.deepEqual(consultOracle(documents, { from: 1, to: 4 }), {
    expected: 4,
    stored: 2,
    lost: [2, 4],
    copies: [3],
    unknown: 2,
  })
})

it('takes any values of any field', () => {
  const documents = stored([{ a: { run: 'x' } }, { 'a.run': 'y' }])
  const report = consultOracle(documents, { field: 'a.run', expected: new Set(['x', 'y', 'z']) })
  assert.deepEqual(report.lost, ['z'])
  assert.equal(report.stored, 2)
})

it('wants to know what to expect', () => {
  assert.throws(() => consultOracle([], {}), TypeError)
  assert.deepEqual(consultOracle([], { expected: 2 }).lost, [0, 1])
})
