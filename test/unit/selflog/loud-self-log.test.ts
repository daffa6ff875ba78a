import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { EventCode, EventInput } from '../../../src/core/self-log-event.ts'
import { eventCodes } from '../../../src/core/self-log-event.ts'
import { eventTable, openersOf } from '../../../src/selflog/event-table.ts'
import { dropped, failed, openSelfLog, recovered } from './self-log-fixture.ts'

const isEnd = (code: EventCode) => openersOf(code).length > 0

/** Each code once, every end behind its beginning. */
const everything: readonly EventInput[] = [
  ...eventCodes.filter((code) => !isEnd(code)),
  ...eventCodes.filter(isEnd),
].map((code) => ({ code, fate: 'none', index: 'logs', name: 'es' }) as const)

describe('the self-log', () => {
  it('says the same on standard error, in its file and to the application', () => {
    const { selfLog, events, shown, disk } = openSelfLog({ minSeverity: 'info', file: 'self.log' })
    for (const input of everything) selfLog.emit(input)
    selfLog.close()
    assert.equal(events.length, eventCodes.length)
    assert.deepEqual(shown(), events)
    assert.deepEqual(disk.text('self.log').trimEnd().split('\n'), disk.linesOn(2))
    assert.equal(disk.openFiles, 0)
  })

  it('writes nowhere when it is told so, and still tells the application', () => {
    const { selfLog, events, disk } = openSelfLog({ stderr: false })
    selfLog.emit(dropped())
    assert.equal(events.length, 1)
    assert.equal(disk.writes, 0)
  })

  for (const minSeverity of ['info', 'warn', 'error'] as const) {
    it(`with minSeverity ${minSeverity} shows an end wherever its beginning was, and nowhere else`, () => {
      const { selfLog, events, shown } = openSelfLog({ minSeverity })
      for (const input of everything) selfLog.emit(input)
      const order = ['info', 'warn', 'error']
      const expected = eventCodes.filter((code) => {
        const { severity } = eventTable[openersOf(code)[0] ?? code]
        return order.indexOf(severity) >= order.indexOf(minSeverity)
      })
      assert.deepEqual(
        shown()
          .map(({ code }) => code)
          .sort(),
        [...expected].sort(),
      )
      assert.equal(events.length, eventCodes.length)
    })
  }

  it('counts what a full pipe has swallowed in the next line that gets through', async () => {
    const { selfLog, clock, shown, disk } = openSelfLog()
    disk.always = 'EAGAIN'
    selfLog.emit(dropped({ reason: 'memory_full' }))
    selfLog.emit(dropped({ reason: 'line_too_long' }))
    assert.equal(disk.pausedMs, 40)
    disk.always = undefined
    await clock.advance(100)
    selfLog.emit(dropped({ reason: 'closed' }))
    selfLog.emit(failed())
    assert.deepEqual(
      shown().map(({ reason, suppressed }) => [reason, suppressed?.count]),
      [
        ['closed', 2],
        [undefined, undefined],
      ],
    )
  })

  it('adds what was swallowed to what was folded', () => {
    const { selfLog, shown, disk } = openSelfLog()
    selfLog.emit(dropped())
    selfLog.emit(dropped())
    selfLog.emit(dropped())
    disk.outcomes.push('ENOSPC')
    selfLog.emit(failed())
    selfLog.flush()
    assert.deepEqual(
      shown().map(({ items, suppressed }) => [items, suppressed?.count]),
      [
        [1, undefined],
        [2, 2],
      ],
    )
  })

  it('waits longer for a full pipe when its words may be the last', () => {
    const { selfLog, disk } = openSelfLog()
    disk.always = 'EAGAIN'
    selfLog.exiting()
    selfLog.emit(dropped())
    assert.equal(disk.pausedMs, 500)
  })

  it('goes on after a file that cannot be written', () => {
    const { selfLog, events, shown, disk } = openSelfLog({ file: 'self.log' })
    disk.broken.add('openAppend')
    selfLog.emit(dropped({ reason: 'closed' }))
    disk.broken.clear()
    selfLog.emit(dropped({ reason: 'memory_full' }))
    assert.equal(events.length, 2)
    assert.equal(shown().length, 2)
    assert.match(disk.text('self.log'), /"suppressed":\{"count":1/)
  })

  it('lets everything out at close, and nothing stays behind', async () => {
    const { selfLog, clock, events } = openSelfLog()
    for (let i = 0; i < 100; i++) selfLog.emit(dropped({ items: 2 }))
    selfLog.close()
    assert.equal(
      events.reduce((sum, { items }) => sum + items, 0),
      200,
    )
    assert.equal(clock.openTimers, 0)
    await clock.advance(60_000)
    assert.equal(events.length, 2)
  })

  it('speaks of what comes after close too', () => {
    const { selfLog, shown } = openSelfLog()
    selfLog.close()
    selfLog.emit(dropped({ reason: 'closed', items: 1 }))
    selfLog.emit(dropped({ reason: 'closed', items: 4 }))
    selfLog.flush()
    assert.deepEqual(
      shown().map(({ items }) => items),
      [1, 4],
    )
  })
})

describe('replay', () => {
  it('gives the newest event of each open trouble, marked', async () => {
    const { selfLog, clock, events } = openSelfLog()
    selfLog.emit(failed({ attempt: 1 }))
    selfLog.emit({ code: 'breaker.opened', fate: 'held_memory' })
    selfLog.emit({ code: 'memory.full', fate: 'none' })
    selfLog.emit({ code: 'memory.drained', fate: 'none' })
    selfLog.emit(dropped())
    selfLog.emit(failed({ attempt: 2 }))
    await clock.advance(10_000)
    assert.deepEqual(
      selfLog.replay().map(({ code, attempt, replayed }) => [code, attempt, replayed]),
      [
        ['bulk.failed', 2, true],
        ['breaker.opened', undefined, true],
      ],
    )
    assert.ok(events.every(({ replayed }) => replayed === undefined))
  })

  it('gives nothing of what is over', () => {
    const { selfLog } = openSelfLog()
    for (let i = 0; i < 3; i++) {
      selfLog.emit(failed())
      selfLog.emit(recovered())
    }
    selfLog.flush()
    assert.deepEqual(selfLog.replay(), [])
  })
})
