import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Limit } from '../../../src/delivery/limit.ts'

function raised(limit: Limit, times: number): number {
  for (let i = 0; i < times; i++) limit.raise()
  return limit.value
}

describe('the limit of requests in flight', () => {
  it('starts at 1, and grows after as many good answers in a row as it is high', () => {
    const limit = new Limit(4)
    const values = Array.from({ length: 8 }, () => raised(limit, 1))
    assert.deepEqual(values, [2, 2, 3, 3, 3, 4, 4, 4])
  })

  it('never grows over its maximum, nor falls below 1', () => {
    const one = new Limit(1)
    assert.equal(raised(one, 50), 1)
    one.cut(0, 0)
    assert.equal(one.value, 1)
    assert.equal(raised(new Limit(4), 500), 4)
  })

  it('is halved at most once a round trip', () => {
    const limit = new Limit(8)
    raised(limit, 100)
    limit.cut(1000, 1100)
    assert.equal(limit.value, 4)
    limit.cut(1050, 1150)
    assert.equal(limit.value, 4, 'that one was under way when it was cut')
    limit.cut(1100, 1200)
    assert.equal(limit.value, 2)
  })

  it('counts good answers anew after a cut', () => {
    const limit = new Limit(4)
    raised(limit, 2)
    limit.cut(0, 1)
    assert.equal(limit.value, 1)
    raised(limit, 2)
    assert.equal(limit.value, 2)
    limit.cut(0, 2)
    assert.equal(limit.value, 2, 'too old to count')
    assert.equal(raised(limit, 1), 2, 'but the row is broken')
    assert.equal(raised(limit, 1), 3)
  })
})
