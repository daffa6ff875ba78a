import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { phases } from '../../../src/core/failure.ts'
import { dropReasons } from '../../../src/core/ledger.ts'
import type { EventCode, EventInput, SelfLogEvent } from '../../../src/core/self-log-event.ts'
import { eventCodes, severities } from '../../../src/core/self-log-event.ts'
import { eventTable, openersOf } from '../../../src/selflog/event-table.ts'
import { duration, lines, size } from '../../../src/selflog/words.ts'
import { failed, openSelfLog } from './self-log-fixture.ts'

const kinds = ['temporary', 'permanent', 'final', 'recovered', 'info']
const fates = ['held_memory', 'held_disk', 'dead_lettered', 'dropped', 'none'] as const

/** The event that the application hears when this is emitted; a trouble is opened first where the code ends one. */
function emitted(input: EventInput): SelfLogEvent {
  const { selfLog, events } = openSelfLog()
  const [opener] = openersOf(input.code)
  const { index } = input
  if (opener !== undefined) {
    selfLog.emit({ code: opener, fate: 'none', ...(index !== undefined && { index }) })
  }
  selfLog.emit(input)
  const event = events.at(-1)
  assert.ok(event !== undefined && event.code === input.code, `nothing came out of ${input.code}`)
  return event
}

/** What a rule for the words might know of, and names that an object has by itself. */
const failureCode = fc.constantFrom(
  ...[
    'ECONNREFUSED',
    'ECONNRESET',
    'EPIPE',
    'connection_closed',
    'sockets_busy',
    'EHOSTUNREACH',
    'ENOTFOUND',
  ],
  ...['EAI_AGAIN', 'dns_timeout', 'connect_timeout', 'response_timeout', 'idle_timeout'],
  ...['total_timeout', 'bad_answer', 'ca_fingerprint_mismatch', 'module_not_loaded', 'http_503'],
  ...['ERR_TLS_CERT_ALTNAME_INVALID', 'cluster_block_exception', 'never_heard_of', ''],
  ...['constructor', 'toString', '__proto__', 'hasOwnProperty', 'valueOf'],
)

const facts = fc.record(
  {
    items: fc.nat(),
    bytes: fc.nat(),
    ambiguous: fc.nat(),
    failure: fc.record(
      {
        code: failureCode,
        phase: fc.constantFrom(...phases),
        status: fc.constantFrom(200, 400, 401, 413, 429, 502, 503, 599, 699),
        message: fc.constantFrom('', 'what the server says'),
      },
      { requiredKeys: ['code', 'phase', 'message'] },
    ),
    phases: fc.record({
      ...{ dnsMs: fc.nat(), connectMs: fc.nat(), tlsMs: fc.nat() },
      ...{ writeMs: fc.nat(), waitMs: fc.nat(), readMs: fc.nat() },
    }),
    endpoint: fc.record({
      origin: fc.constantFrom('http://es:9200', 'https://es/path'),
      socketReused: fc.boolean(),
    }),
    attempt: fc.nat(),
    nextRetryMs: fc.nat(),
    reason: fc.constantFrom(...dropReasons),
    cause: fc.constantFrom('bulk.failed', 'access.refused'),
    kept: fc.constantFrom('file', 'index', 'none'),
    index: fc.constantFrom('logs-test', ''),
    levels: fc.constant({ info: 2 }),
    detail: fc.constantFrom('a detail', ''),
  },
  { requiredKeys: [] },
)

describe('the words of the self-log', () => {
  for (const code of eventCodes) {
    it(`${code} has all that an event needs, and says it in one sentence, with any facts or none`, () => {
      fc.assert(
        fc.property(facts, fc.constantFrom(...fates), (given, fate) => {
          const event = emitted({ ...given, code, fate } as EventInput)
          assert.equal(event.v, 1)
          assert.equal(new Date(event.time).toISOString(), event.time)
          assert.ok(severities.includes(event.severity))
          assert.ok(kinds.includes(event.kind))
          assert.equal(event.severity, eventTable[code].severity)
          assert.equal(event.kind, eventTable[code].kind)
          assert.equal(event.fate, fate)
          assert.equal(event.items, given.items ?? 0)
          assert.equal(event.bytes, given.bytes ?? 0)
          assert.equal(event.totals.accepted, 0)
          for (const text of [event.message, event.hint ?? 'none']) {
            assert.doesNotMatch(text, /undefined|null|NaN|\[object/)
            assert.equal(typeof text, 'string')
            assert.ok(!text.includes('\n'))
          }
          if (code !== 'batch.ceiling_changed' || given.detail) assert.notEqual(event.message, '')
        }),
        { numRuns: 150 },
      )
    })
  }

  it('ends in a hint wherever a person has to do something', () => {
    const forPeople: readonly EventCode[] = ['access.refused', 'target.refused', 'index.held']
    for (const code of [...forPeople, 'memory.full', 'items.dead_lettered'] as const) {
      const status = code === 'target.refused' ? 404 : 401
      const failure = { code: `http_${status}`, phase: 'http', status, message: '' } as const
      assert.ok(emitted({ code, fate: 'none', failure }).hint, `${code} has no hint`)
    }
  })

  it('tells which of the lost lines may have been stored', () => {
    const { message } = emitted({
      code: 'items.dropped',
      fate: 'dropped',
      reason: 'shutdown_deadline',
      items: 1_200,
      ambiguous: 7,
    })
    assert.match(
      message,
      /^1,200 lines lost: not delivered before the shutdown deadline \(7 of them/,
    )
  })

  it('says that nothing was lost only while nothing was', () => {
    const before = openSelfLog()
    before.selfLog.emit(failed())
    assert.match(before.events[0]?.message ?? '', /10 lines held in memory, nothing lost/)
    const after = openSelfLog()
    const { totals } = after
    after.totals = { ...totals, dropped: { ...totals.dropped, memory_full: 1 } }
    after.selfLog.emit(failed())
    assert.match(after.events[0]?.message ?? '', /10 lines held in memory/)
    assert.doesNotMatch(after.events[0]?.message ?? '', /nothing lost/)
  })

  it('names every opener and every closer as one pair', () => {
    const closers = eventCodes.filter((code) => eventTable[code].kind === 'recovered')
    const openers = eventCodes.filter((code) => eventTable[code].closedBy !== undefined)
    for (const closer of closers) {
      const stages =
        closer === 'dns.recovered' ? ['dns.slow', 'dns.stale', 'dns.failed'] : undefined
      if (stages === undefined) assert.equal(openersOf(closer).length, 1)
      else assert.deepEqual(openersOf(closer), stages)
    }
    for (const opener of openers) {
      const closer = eventTable[opener].closedBy
      assert.ok(closer !== undefined && closers.includes(closer), `${opener} is never closed`)
      assert.ok(openersOf(closer).includes(opener))
      assert.equal(eventTable[opener].kind, 'temporary')
    }
  })

  it('does not speak of a wait where a failure of a moment ago was remembered', () => {
    const message = (dnsMs: number) => {
      const { selfLog, events } = openSelfLog()
      const timings = { dnsMs, connectMs: 0, tlsMs: 0, writeMs: 0, waitMs: 0, readMs: 0 }
      const failure = { code: 'ETIMEOUT', phase: 'dns', message: '' } as const
      selfLog.emit({ ...failed(), failure, phases: timings })
      return events[0]?.message ?? ''
    }
    assert.match(message(2_700), /no answer from the name server for 2\.7 s/)
    assert.match(message(1), /has not answered a moment ago .* asked for again within 5 s/)
  })

  it('writes numbers for people', () => {
    const cases = [
      [lines(1), '1 line'],
      [lines(0), '0 lines'],
      [lines(1_234_567), '1,234,567 lines'],
      [duration(99.4), '99 ms'],
      [duration(800), '0.8 s'],
      [duration(3_000), '3.0 s'],
      [duration(59_949), '59.9 s'],
      [duration(59_950), '1 min 0 s'],
      [duration(125_000), '2 min 5 s'],
      [duration(3_599_600), '1 h 0 min'],
      [duration(12_000_000), '3 h 20 min'],
      [size(1_023), '1023 bytes'],
      [size(12_288), '12 KiB'],
      [size(67_108_864), '64.0 MiB'],
    ] as const
    for (const [said, expected] of cases) assert.equal(said, expected)
  })
})
