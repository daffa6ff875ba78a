import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Batch, History } from '../../../src/core/batch.ts'
import { freshHistory } from '../../../src/core/batch.ts'
import type { Exchange } from '../../../src/core/exchange.ts'
import { decide } from '../../../src/delivery/decide.ts'
import type { Health, Memory, Verdict } from '../../../src/delivery/verdict.ts'
import { smallBatch } from '../../helpers/batch-of.ts'
import { answered, broken, refused, storedAll } from '../../helpers/exchanges.ts'

const nothing: Memory = { now: 0, passed: 0, refusedAlone: 0, lastStoredAt: () => undefined }
const blocked = { type: 'cluster_block_exception', reason: 'blocked by: [FORBIDDEN/8]' }
const sent = { bodyStarted: true, phase: 'wait' } as const

function batch(count: number, past: Partial<History> = {}): Batch {
  return { ...smallBatch(count), history: { ...freshHistory, ...past } }
}

interface Row {
  readonly says: string
  readonly exchange: Exchange
  readonly to: Verdict['to']
  readonly health: Health
  readonly ambiguous: boolean
  readonly congested?: true
}

const whole = { ambiguous: true } as const
const statuses = (...all: number[]): readonly number[] => all

const rows: readonly Row[] = [
  { says: 'no connection', exchange: broken(), to: 'again', health: 'ill', ambiguous: false },
  {
    says: 'no connection, after a quick try had sent bytes',
    exchange: broken('ECONNREFUSED', { earlierBodyStarted: true }),
    to: 'again',
    health: 'ill',
    ambiguous: true,
  },
  {
    says: 'a connection that broke after the first byte',
    exchange: broken('ECONNRESET', sent),
    to: 'again',
    health: 'ill',
    ambiguous: true,
  },
  {
    says: 'no answer in time',
    exchange: broken('response_timeout', sent),
    to: 'again',
    health: 'ill',
    ambiguous: true,
    congested: true,
  },
  {
    says: 'no address in time',
    exchange: broken('dns_timeout', { phase: 'dns' }),
    to: 'again',
    health: 'ill',
    ambiguous: false,
    congested: true,
  },
  {
    says: 'a 200 that is no answer',
    exchange: broken('bad_answer', { ...sent, status: 200 }),
    to: 'again',
    health: 'ill',
    ambiguous: true,
  },
  ...['CERT_HAS_EXPIRED', 'ERR_TLS_CERT_ALTNAME_INVALID', 'ca_fingerprint_mismatch'].map(
    (code): Row => ({
      says: `a certificate that is not trusted: ${code}`,
      exchange: broken(code, { phase: 'tls' }),
      to: 'again',
      health: 'access',
      ambiguous: false,
    }),
  ),
  ...statuses(500, 501, 502, 503, 504, 507, 520, 599, 600, 999).map(
    (status): Row => ({
      says: String(status),
      exchange: refused(status),
      to: 'again',
      health: 'ill',
      ...whole,
    }),
  ),
  {
    says: '503 of a cluster without a master',
    exchange: refused(503, {
      ...blocked,
      reason: 'blocked by: [SERVICE_UNAVAILABLE/2/no master];',
    }),
    to: 'again',
    health: 'ill',
    ...whole,
  },
  ...statuses(403, 429).map(
    (status): Row => ({
      says: `${status} of a read-only cluster`,
      exchange: refused(status, blocked),
      to: 'again',
      health: 'well',
      ...whole,
    }),
  ),
  ...statuses(408, 425, 429).map(
    (status): Row => ({
      says: String(status),
      exchange: refused(status),
      to: 'again',
      health: 'well',
      ...whole,
      ...(status === 429 && { congested: true }),
    }),
  ),
  ...statuses(401, 403, 407).map(
    (status): Row => ({
      says: String(status),
      exchange: refused(status),
      to: 'again',
      health: 'access',
      ...whole,
    }),
  ),
  ...statuses(301, 302, 307, 308, 402, 404, 405, 406, 409, 410, 415, 417, 422, 451, 499).map(
    (status): Row => ({
      says: String(status),
      exchange: refused(status),
      to: 'again',
      health: 'target',
      ...whole,
    }),
  ),
  {
    says: '400 of a path that is none',
    exchange: refused(400, { reason: 'no handler found for uri [/x/_bulk] and method [POST]' }),
    to: 'again',
    health: 'target',
    ...whole,
  },
  ...statuses(400, 413).map(
    (status): Row => ({
      says: String(status),
      exchange: refused(status),
      to: 'trial',
      health: 'well',
      ...whole,
    }),
  ),
]

describe('decide, for a request that failed as a whole', () => {
  for (const { says, exchange, ...expected } of rows) {
    it(`${says}: ${expected.to}, ${expected.health}`, () => {
      const decision = decide(exchange, batch(3), nothing)
      assert.equal(decision.verdicts.length, 3)
      for (const verdict of decision.verdicts) assert.equal(verdict.to, expected.to)
      assert.equal(decision.health, expected.health)
      assert.equal(decision.ambiguous, expected.ambiguous)
      assert.equal(decision.congested, expected.congested ?? false)
      const retryable = expected.health === 'well' || expected.health === 'ill'
      assert.equal(decision.failure?.retryable, retryable)
    })
  }

  it('names the failure by the server’s type, else by the status', () => {
    const named = decide(
      refused(400, { type: 'parse_exception', reason: 'why' }),
      batch(1),
      nothing,
    )
    assert.deepEqual(named.failure, {
      code: 'parse_exception',
      phase: 'http',
      status: 400,
      message: 'why',
      retryable: true,
    })
    assert.equal(decide(refused(502), batch(1), nothing).failure?.code, 'http_502')
    const cut = decide(broken('ECONNRESET', sent), batch(1), nothing).failure
    assert.deepEqual([cut?.code, cut?.phase], ['ECONNRESET', 'wait'])
  })

  it('honours a Retry-After for up to 5 minutes', () => {
    const pause = (retryAfterMs: number) =>
      decide(refused(503, { retryAfterMs }), batch(1), nothing).failure?.retryAfterMs
    assert.deepEqual([0, 1000, 300_000, 86_400_000].map(pause), [0, 1000, 300_000, 300_000])
    assert.ok(!('retryAfterMs' in (decide(refused(503), batch(1), nothing).failure ?? {})))
  })
})

describe('decide, for a line that was refused alone', () => {
  const marked = (trialMark: number) => batch(1, { tries: 1, trial: true, trialMark })
  const to = (one: Batch, memory: Partial<Memory>, status = 400) => {
    const decision = decide(refused(status), one, { ...nothing, ...memory })
    return [decision.verdicts[0]?.to, decision.health]
  }

  it('waits until another has passed, then is given up', () => {
    assert.deepEqual(to(batch(1), {}), ['trial', 'well'])
    assert.deepEqual(to(marked(5), { passed: 5, refusedAlone: 1 }), ['trial', 'well'])
    assert.deepEqual(to(marked(5), { passed: 6 }), ['deadLetter', 'well'])
    assert.deepEqual(to(marked(5), { passed: 6 }, 413), ['deadLetter', 'well'])
  })

  it('is not given up for what is no fault of a line', () => {
    for (const status of [401, 404, 429, 503]) {
      assert.equal(to(marked(5), { passed: 6 }, status)[0], 'again')
    }
    assert.deepEqual(to(batch(2, { trial: true, trialMark: 5 }), { passed: 5 }), ['trial', 'well'])
  })

  it('is the third of which none passed: the target is at fault', () => {
    assert.deepEqual(to(batch(1), { refusedAlone: 1 }), ['trial', 'well'])
    assert.deepEqual(to(batch(1), { refusedAlone: 2 }), ['trial', 'target'])
  })

  it('does not count twice', () => {
    assert.deepEqual(to(marked(0), { refusedAlone: 2 }), ['trial', 'well'])
  })

  it('keeps the target at fault, alone or not, until one has passed', () => {
    for (const one of [batch(1), marked(0), batch(7)]) {
      assert.deepEqual(to(one, { refusedAlone: 3 }), ['trial', 'target'])
    }
    assert.deepEqual(to(marked(4), { refusedAlone: 3, passed: 5 }), ['trial', 'target'])
  })
})

describe('decide, item by item', () => {
  it('proves the server well, whatever it says of the items', () => {
    const decision = decide(answered([201, 409, 503]), batch(3), nothing)
    assert.deepEqual([decision.health, decision.failure], ['well', undefined])
    assert.deepEqual(
      decision.verdicts.map(({ to }) => to),
      ['settled', 'settled', 'again'],
    )
  })

  it('takes a 429 for congestion, but not a cluster block', () => {
    const congested = (item: Parameters<typeof answered>[0][number]) =>
      decide(answered([201, item]), batch(2), nothing).congested
    assert.equal(congested(429), true)
    assert.equal(congested({ status: 429, ...blocked }), false)
    assert.equal(congested(503), false)
  })

  it('is ambiguous only after a quick try that had sent bytes', () => {
    assert.equal(decide(storedAll(2), batch(2), nothing).ambiguous, false)
    const earlier = answered([429, 429], { earlierBodyStarted: true })
    assert.equal(decide(earlier, batch(2), nothing).ambiguous, true)
  })
})
