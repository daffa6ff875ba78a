import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { IdSource, idLength } from '../../../src/queue/id-source.ts'
import { ManualClock } from '../../helpers/manual-clock.ts'
import { createChance } from '../../helpers/seeded-random.ts'

const alphabet = '-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz'

function next(ids: IdSource): string {
  const target = Buffer.alloc(idLength + 2, '#')
  ids.write(target, 1)
  const text = target.toString()
  assert.match(text, /^#[^#]{20}#$/)
  return text.slice(1, -1)
}

/** The bits of an id as one number. */
function bitsOf(id: string): bigint {
  return [...id].reduce((bits, character) => bits * 64n + BigInt(alphabet.indexOf(character)), 0n)
}

const timeOf = (id: string) => Number(bitsOf(id) >> 72n)
const randomOf = (id: string) => (bitsOf(id) >> 32n) & (2n ** 40n - 1n)
const counterOf = (id: string) => Number(bitsOf(id) & (2n ** 32n - 1n))

describe('IdSource', () => {
  it('writes 20 base64url characters', () => {
    const id = next(new IdSource(new ManualClock(), createChance(1).random))
    assert.match(id, /^[-_0-9A-Za-z]{20}$/)
  })

  it('packs 48 bits of wall-clock ms, 40 random bits and 32 bits of counter', () => {
    const clock = new ManualClock({ wallNow: 1_767_225_612_345.678 })
    const ids = new IdSource(clock, () => 1 - 2 ** -53)
    const [first, second] = [next(ids), next(ids)]
    assert.equal(timeOf(first), 1_767_225_612_345)
    assert.equal(randomOf(first), 2n ** 40n - 1n)
    assert.deepEqual([counterOf(first), counterOf(second)], [0, 1])
    const low = next(new IdSource(clock, () => 0))
    assert.equal(randomOf(low), 0n)
  })

  it('gives 200,000 ids that are all different and sort by time', async () => {
    const clock = new ManualClock()
    const ids = new IdSource(clock, createChance(2).random)
    const all: string[] = []
    for (let chunk = 0; chunk < 200; chunk++) {
      ids.tick()
      for (let i = 0; i < 1000; i++) all.push(next(ids))
      await clock.advance(chunk % 3)
    }
    assert.equal(new Set(all).size, all.length)
    assert.deepEqual([...all].sort(), all)
  })

  it('looks at the clock only when told to', async () => {
    const clock = new ManualClock({ wallNow: 5000 })
    const ids = new IdSource(clock, () => 0)
    assert.equal(timeOf(next(ids)), 5000)
    await clock.advance(1000)
    assert.equal(timeOf(next(ids)), 5000)
    ids.tick()
    assert.equal(timeOf(next(ids)), 6000)
    assert.equal(counterOf(next(ids)), 3)
  })

  it('draws a new random part when the clock jumps back, and only then', async () => {
    const clock = new ManualClock()
    const ids = new IdSource(clock, createChance(3).random)
    const before = next(ids)
    await clock.advance(10)
    ids.tick()
    const later = next(ids)
    assert.equal(randomOf(later), randomOf(before))
    clock.jumpWall(-10)
    ids.tick()
    const again = next(ids)
    assert.equal(timeOf(again), timeOf(before))
    assert.notEqual(randomOf(again), randomOf(before))
    assert.equal(counterOf(again), 0)
  })

  it('tells two processes apart that start in the same millisecond', () => {
    const clock = new ManualClock()
    const { random } = createChance(4)
    const firsts = Array.from({ length: 1000 }, () => next(new IdSource(clock, random)))
    assert.equal(new Set(firsts).size, 1000)
  })

  it('draws a new random part when the counter is used up', () => {
    const ids = new IdSource(new ManualClock(), createChance(5).random, 0xffff_fffe)
    const [first, last, after] = [next(ids), next(ids), next(ids)]
    assert.deepEqual([first, last, after].map(counterOf), [0xffff_fffe, 0xffff_ffff, 0])
    assert.equal(randomOf(last), randomOf(first))
    assert.notEqual(randomOf(after), randomOf(first))
    assert.ok(last > first)
  })

  it('takes a wall clock before 1970 for 1970', () => {
    assert.equal(timeOf(next(new IdSource(new ManualClock({ wallNow: -1 }), () => 0))), 0)
  })
})
