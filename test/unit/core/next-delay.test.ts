import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { nextDelay } from '../../../src/core/next-delay.ts'
import { createChance } from '../../helpers/seeded-random.ts'

const bounds = { minDelayMs: 500, maxDelayMs: 15_000 }
const almostOne = () => 1 - 2 ** -53

describe('nextDelay', () => {
  it('doubles its ceiling from minDelayMs up to maxDelayMs', () => {
    const ceilings = [1, 2, 3, 4, 5, 6, 7, 100].map((tries) =>
      Math.round(nextDelay(tries, bounds, almostOne)),
    )
    assert.deepEqual(ceilings, [500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000])
  })

  it('stays finite after very many tries', () => {
    const max = Number.MAX_SAFE_INTEGER
    assert.ok(nextDelay(1_000_000, { minDelayMs: 500, maxDelayMs: max }, almostOne) <= max)
  })

  it('takes any time between nothing and the ceiling', () => {
    const { random } = createChance(7)
    const delays = Array.from({ length: 1000 }, () => nextDelay(3, bounds, random))
    assert.ok(delays.every((ms) => ms >= 0 && ms < 2000))
    assert.ok(Math.min(...delays) < 40 && Math.max(...delays) > 1960)
    assert.equal(
      nextDelay(3, bounds, () => 0),
      0,
    )
  })
})
