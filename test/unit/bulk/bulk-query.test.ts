import assert from 'node:assert/strict'
import { it } from 'node:test'
import { bulkQuery } from '../../../src/bulk/bulk-query.ts'

const timeoutOf = (responseMs: number): string | undefined =>
  bulkQuery({ withIndex: false, omit: ['filter_path'] }, { responseMs })

it('tells the server to give up after two thirds of the time, in whole ms', () => {
  assert.equal(timeoutOf(30_000), 'timeout=20000ms')
  assert.equal(timeoutOf(10_000), 'timeout=6666ms')
})

it('never gives the server less than a second', () => {
  assert.equal(timeoutOf(1000), 'timeout=1000ms')
  assert.equal(timeoutOf(1600), 'timeout=1066ms')
})

it('sends nothing that the server does not know', () => {
  const ask = { withIndex: true, omit: ['timeout', 'filter_path', 'other'] }
  assert.equal(bulkQuery(ask, { responseMs: 30_000 }), '')
})
