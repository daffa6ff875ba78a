import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { freshHistory } from '../../../src/core/batch.ts'
import { imbalance } from '../../../src/core/ledger.ts'
import { numbers } from '../../helpers/courier-fixture.ts'
import type { QueueFixture } from './queue-fixture.ts'
import { numbersOf, openQueue } from './queue-fixture.ts'

/** Bytes of one line with two digits, for indices with a name of four characters. */
const one = (() => {
  const { queue, add } = openQueue()
  add([10], 'lane')
  return queue.bytes
})()

function rest({ queue, lease }: QueueFixture): readonly number[] {
  queue.hurry()
  const left: number[] = []
  for (let batch = lease(); batch !== undefined; batch = lease()) left.push(...numbersOf(batch))
  return left
}

describe('a full memory', () => {
  it('drops the oldest lines that were never sent, each booked and counted by its level', () => {
    const full = openQueue({ maxBytes: 4 * one, flushItems: 2, flushBytes: 10 * one })
    const { queue, add, ledger } = full
    const levels = ['warn', 'info', 'info', 'info', 'info', 'info', 'info']
    const size = (level: string) => `{"level":"${level}"}`.length - '{"n":10}'.length
    const wide = openQueue({ maxBytes: 4 * (one + size('info')), flushItems: 2 })
    for (const level of levels) wide.add([`{"level":"${level}"}`], 'lane')
    assert.deepEqual(wide.queue.takeDrops(), [
      {
        reason: 'memory_full',
        items: 3,
        bytes: 3 * (one + size('info')),
        ambiguous: 0,
        levels: { warn: 1, info: 2 },
      },
    ])
    assert.deepEqual(wide.queue.takeDrops(), [], 'announced once')
    add(numbers(7, 10), 'lane')
    assert.equal(ledger().dropped.memory_full, 3)
    assert.equal(imbalance(ledger()), 0)
    assert.equal(queue.bytes, 4 * one)
    assert.deepEqual(rest(full), [13, 14, 15, 16])
  })

  it('drops the oldest of all indices', () => {
    const full = openQueue({ maxBytes: 4 * one, flushItems: 1 })
    full.add([10], 'lane')
    full.add([20], 'road')
    full.add([11], 'lane')
    full.add([21, 22, 23], 'road')
    assert.deepEqual([...rest(full)].sort(), [11, 21, 22, 23])
  })

  it('lets a held index pay first', () => {
    const full = openQueue({ maxBytes: 4 * one })
    full.add([10, 11], 'lane')
    full.add([20, 21], 'held')
    full.queue.holdIndex('held', 10_000)
    full.add([12, 13], 'lane')
    assert.deepEqual(rest(full), [10, 11, 12, 13])
  })

  it('lets it pay no longer when it is released', () => {
    const full = openQueue({ maxBytes: 4 * one })
    full.add([10, 11], 'lane')
    full.add([20, 21], 'held')
    full.queue.holdIndex('held', 10_000)
    full.add([12], 'lane')
    full.queue.releaseIndex('held')
    full.add([13], 'lane')
    assert.deepEqual([...rest(full)].sort(), [11, 12, 13, 21])
  })

  it('never drops a line that is on its way or was sent', () => {
    const full = openQueue({ maxBytes: 4 * one, flushItems: 1 })
    const { queue, add, take, ledger } = full
    add(numbers(4, 10), 'lane')
    const leased = take()
    const sent = take()
    queue.giveBack(sent, [
      { documents: 'all', history: { ...freshHistory, tries: 1, sent: true }, readyAt: 0 },
    ])
    add(numbers(5, 14), 'lane')
    assert.equal(ledger().dropped.memory_full, 5)
    assert.deepEqual([numbersOf(leased), rest(full)], [[10], [11, 17, 18]])
  })

  it('drops a line that failed before it left the machine', () => {
    const full = openQueue({ maxBytes: 2 * one, flushItems: 1 })
    full.add([10, 11], 'lane')
    full.queue.giveBack(full.take(), [
      { documents: 'all', history: { ...freshHistory, tries: 1 }, readyAt: 0 },
    ])
    full.add([12], 'lane')
    assert.deepEqual(rest(full), [11, 12])
  })

  it('refuses the new line when only sent ones remain', () => {
    const full = openQueue({ maxBytes: 2 * one, flushItems: 1 })
    const { queue, add, take, ledger } = full
    add([10, 11], 'lane')
    const [first, second] = [take(), take()]
    add([12], 'lane')
    assert.equal(queue.bytes, 2 * one)
    assert.equal(ledger().dropped.memory_full, 1)
    assert.deepEqual(queue.takeDrops()[0]?.levels, { none: 1 })
    queue.giveBack(first, [])
    add([13], 'lane')
    assert.deepEqual([numbersOf(second), rest(full)], [[11], [13]])
  })

  it('refuses a line that would never fit, and drops nothing for it', () => {
    const full = openQueue({ maxBytes: 2 * one })
    full.add([10, 11, `{"n":12,"m":"${'x'.repeat(2 * one)}"}`], 'lane')
    assert.equal(full.ledger().dropped.memory_full, 1)
    assert.deepEqual(rest(full), [10, 11])
  })

  it('refuses the newest where that is asked for', () => {
    const full = openQueue({ maxBytes: 2 * one, whenFull: 'drop_newest' })
    full.add([10, 11, 12, 13], 'lane')
    assert.equal(full.ledger().dropped.memory_full, 2)
    assert.deepEqual(rest(full), [10, 11])
  })

  it('takes every line of a producer that waits', () => {
    const full = openQueue({ maxBytes: 2 * one, whenFull: 'backpressure' })
    assert.ok(full.queue.hasRoom)
    full.add([10, 11, 12], 'lane')
    assert.ok(!full.queue.hasRoom)
    assert.equal(full.ledger().dropped.memory_full, 0)
    assert.deepEqual(rest(full), [10, 11, 12])
  })

  it('makes room when a mended line has grown', () => {
    const full = openQueue({ maxBytes: 3 * one, flushItems: 1 })
    const { queue, add, take, ledger } = full
    add([10, 11, 12], 'lane')
    const history = { ...freshHistory, tries: 1, sent: true, repaired: true }
    const line = Buffer.from('{"n":10,"mended":"and longer"}')
    queue.giveBack(take(), [{ documents: [0], history, readyAt: 0, line }])
    assert.ok(queue.bytes <= 3 * one)
    assert.equal(imbalance(ledger()), 0)
    assert.deepEqual(rest(full), [10, 12])
  })

  it('keeps its books when everything was hurried in between', () => {
    const full = openQueue({ maxBytes: 4 * one, flushItems: 2 })
    const { queue, add, take, ledger } = full
    add(numbers(4, 10), 'lane')
    const history = { ...freshHistory, tries: 1 }
    queue.giveBack(take(), [{ documents: 'all', history, readyAt: 60_000 }])
    add([14], 'lane')
    queue.hurry()
    add([15, 16], 'lane')
    assert.equal(imbalance(ledger()), 0)
    assert.deepEqual([...rest(full)].sort(), [13, 14, 15, 16])
  })
})

describe('the end', () => {
  it('drops what comes after it as closed, without an id', () => {
    const { queue, add, ledger } = openQueue()
    add([1])
    queue.close()
    add([2, 3])
    queue.addTooLong(Buffer.from('{"level":"info"'), 20_000_000)
    assert.equal(ledger().dropped.closed, 3)
    assert.equal(queue.pending(), 1)
    const [drops] = queue.takeDrops()
    assert.deepEqual([drops?.reason, drops?.items], ['closed', 3])
    assert.deepEqual(drops?.levels, { none: 2, info: 1 })
  })

  it('gives up everything that has no fate', () => {
    const { queue, add, take, lease, ledger } = openQueue({ flushItems: 2 })
    add(numbers(5))
    const history = { ...freshHistory, tries: 1, sent: true, ambiguous: true }
    queue.giveBack(take(), [{ documents: [0], history, readyAt: 0 }])
    queue.dropAll('shutdown_deadline')
    assert.equal(ledger().dropped.shutdown_deadline, 4)
    assert.equal(ledger().droppedAmbiguous, 1)
    assert.equal(queue.takeDrops()[0]?.ambiguous, 1)
    assert.deepEqual([queue.pending(), queue.bytes, lease()], [0, 0, undefined])
  })

  it('owns that the server may have what is on its way', () => {
    const { queue, add, take, ledger } = openQueue({ flushItems: 2 })
    add(numbers(3))
    take()
    queue.dropAll('shutdown_deadline')
    assert.equal(ledger().droppedAmbiguous, 2)
    assert.equal(queue.takeDrops()[0]?.ambiguous, 2)
  })
})

describe('a line that is too long', () => {
  it('is accepted, booked and counted with its whole length', () => {
    const { queue, ledger } = openQueue()
    queue.addTooLong(Buffer.from('{"level":"error","m":"xxx'), 11_000_000)
    assert.deepEqual(queue.takeDrops(), [
      {
        reason: 'line_too_long',
        items: 1,
        bytes: 11_000_000,
        ambiguous: 0,
        levels: { error: 1 },
      },
    ])
    assert.equal(ledger().accepted, 1)
    assert.equal(imbalance(ledger()), 0)
  })
})
