import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { dropped, failed, openSelfLog, recovered } from './self-log-fixture.ts'

describe('an incident', () => {
  it('has one id and one start from its first event to its last', async () => {
    const { selfLog, clock, events } = openSelfLog()
    selfLog.emit(failed())
    await clock.advance(12_345)
    selfLog.emit(failed())
    await clock.advance(1_000)
    selfLog.emit(recovered())
    const incidents = events.map(({ incident }) => incident)
    assert.equal(new Set(incidents.map((incident) => incident?.id)).size, 1)
    assert.deepEqual(
      incidents.map((incident) => incident?.startedAt),
      Array(3).fill('2026-01-01T00:00:00.000Z'),
    )
    assert.deepEqual(
      incidents.map((incident) => incident?.durationMs),
      [0, 12_345, 13_345],
    )
  })

  it('counts attempts, the most lines that were held, lines lost and duplicates found', async () => {
    const fixture = openSelfLog()
    const { selfLog, clock, events, totals } = fixture
    fixture.totals = { ...totals, pending: 100, duplicates: 5 }
    selfLog.emit(failed())
    fixture.totals = { ...totals, pending: 700, duplicates: 5 }
    selfLog.emit(failed())
    selfLog.emit(dropped({ items: 30 }))
    selfLog.emit(dropped({ items: 3 }))
    selfLog.emit(dropped({ code: 'items.dead_lettered', kept: 'none', items: 7 }))
    selfLog.emit(
      dropped({ code: 'items.dead_lettered', kept: 'file', fate: 'dead_lettered', items: 900 }),
    )
    fixture.totals = { ...totals, pending: 20, duplicates: 5 }
    selfLog.emit(failed())
    fixture.totals = { ...totals, pending: 0, duplicates: 9 }
    await clock.advance(9_000)
    selfLog.emit(recovered())
    assert.deepEqual(events.at(-1)?.incident, {
      id: events[0]?.incident?.id,
      startedAt: '2026-01-01T00:00:00.000Z',
      durationMs: 9_000,
      attempts: 3,
      peakItems: 700,
      lost: 40,
      duplicates: 4,
    })
    assert.match(
      events.at(-1)?.message ?? '',
      /after 9.0 s: 3 failed attempts, at most 700 lines held, 40 lost, 4 found stored already/,
    )
  })

  it('of full memory has cost the lines that filled it', () => {
    const { selfLog, events } = openSelfLog()
    selfLog.emit({ code: 'memory.full', fate: 'none', bytes: 1_000 })
    selfLog.emit(dropped({ items: 250 }))
    selfLog.emit({ code: 'memory.drained', fate: 'none' })
    assert.equal(events.at(-1)?.incident?.lost, 250)
  })

  it('begins anew after its end', () => {
    const { selfLog, events } = openSelfLog({ repeatMs: 1 })
    for (const input of [failed(), recovered(), failed(), recovered()]) selfLog.emit(input)
    selfLog.close()
    const ids = events.map(({ incident }) => incident?.id)
    assert.equal(ids.length, 4)
    assert.equal(ids[0], ids[1])
    assert.equal(ids[2], ids[3])
    assert.notEqual(ids[0], ids[2])
  })

  it('of a held index is one for each index', () => {
    const { selfLog, events } = openSelfLog()
    for (const index of ['a', 'b']) selfLog.emit({ code: 'index.held', fate: 'held_memory', index })
    selfLog.emit({ code: 'index.released', fate: 'none', index: 'a' })
    assert.equal(selfLog.isOpen('index.held', 'a'), false)
    assert.equal(selfLog.isOpen('index.held', 'b'), true)
    assert.notEqual(events[0]?.incident?.id, events[1]?.incident?.id)
    assert.equal(events[2]?.incident?.id, events[0]?.incident?.id)
  })

  it('that is not open has no end', () => {
    const { selfLog, events } = openSelfLog()
    selfLog.emit(recovered())
    selfLog.emit({ code: 'index.released', fate: 'none', index: 'never-held' })
    assert.deepEqual(events, [])
  })

  it('that is open at close ends as final, after what was folded of it', () => {
    const { selfLog, events, shown } = openSelfLog()
    selfLog.emit(failed())
    selfLog.emit(failed())
    selfLog.emit({ code: 'index.held', fate: 'held_memory', index: 'a' })
    selfLog.close()
    assert.deepEqual(
      events.map(({ code, kind }) => [code, kind]),
      [
        ['bulk.failed', 'temporary'],
        ['index.held', 'temporary'],
        ['bulk.failed', 'temporary'],
        ['bulk.recovered', 'final'],
        ['index.released', 'final'],
      ],
    )
    assert.match(events[3]?.message ?? '', /^the transport ended while bulk.failed was still open/)
    assert.deepEqual(shown(), events)
    assert.deepEqual(selfLog.incidents(), [])
  })
})
