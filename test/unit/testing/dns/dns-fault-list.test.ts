import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { DnsOccasion } from '../../../../src/testing/dns/active-dns-fault.ts'
import { DnsFaultList } from '../../../../src/testing/dns/dns-fault-list.ts'
import { FlowTable } from '../../../../src/testing/dns/flow-table.ts'
import type { DnsFault, DnsFaultWhen } from '../../../../src/testing/dns/index.ts'

function list(...faults: readonly DnsFault[]): DnsFaultList {
  const created = new DnsFaultList(() => undefined)
  for (const fault of faults) created.add(fault)
  return created
}

const query = (more: Partial<DnsOccasion> = {}): DnsOccasion => ({
  now: performance.now(),
  name: 'es.test',
  type: 'A',
  transport: 'udp',
  flow: undefined,
  ...more,
})

/** Of twelve queries: those that a fault with this `when` dropped. */
function hits(when: DnsFaultWhen, more: (number: number) => Partial<DnsOccasion> = () => ({})) {
  const faults = list({ kind: 'drop', when })
  const numbers = Array.from({ length: 12 }, (_, i) => i + 1)
  return numbers.filter((number) => faults.plan(query(more(number))).kind === 'dropped')
}

const alternating = (number: number): Partial<DnsOccasion> => ({ type: number % 2 ? 'A' : 'AAAA' })

it('applies by number, from and to, every n-th, a number of times', () => {
  assert.deepEqual(hits({ queries: [3, 5] }), [3, 4, 5])
  assert.deepEqual(hits({ queries: [11] }), [11, 12])
  assert.deepEqual(hits({ every: 4 }), [4, 8, 12])
  assert.deepEqual(hits({ every: 2, queries: [5], times: 2 }), [6, 8])
})

it('counts among the queries that it looks at', () => {
  assert.deepEqual(hits({ type: 'aaaa', queries: [2, 3] }, alternating), [4, 6])
  assert.deepEqual(hits({ type: 'A', every: 3 }, alternating), [5, 11])
})

it('looks at names in any case, at all names below one, at one transport', () => {
  const names = ['es.test', 'ES.Test.', 'x.es.test', 'notes.test', 'test', '']
  const hitBy = (pattern: string) =>
    names.filter((name) => {
      const faults = list({ kind: 'drop', when: { name: pattern } })
      return faults.plan(query({ name })).kind === 'dropped'
    })
  assert.deepEqual(hitBy('es.test'), ['es.test', 'ES.Test.'])
  assert.deepEqual(hitBy('*.es.TEST'), ['x.es.test'])
  assert.deepEqual(hitBy('*'), names)
  assert.deepEqual(hits({ transport: 'tcp' }), [])
})

it('applies by chance, the same with the same seed', () => {
  const some = hits({ probability: 0.5, seed: 3 })
  assert.ok(some.length > 1 && some.length < 11, String(some))
  assert.deepEqual(hits({ probability: 0.5, seed: 3 }), some)
  assert.notDeepEqual(hits({ probability: 0.5, seed: 4 }), some)
})

it('applies within its time only', () => {
  const faults = list({ kind: 'silence', when: { afterMs: 1_000, forMs: 500 } })
  const now = performance.now()
  const at = (ms: number) => faults.plan(query({ now: now + ms })).kind
  assert.deepEqual([at(0), at(1_200), at(1_600)], ['answered', 'dropped', 'answered'])
})

it('loses a share of the datagrams, chosen by the seed, and never a byte over TCP', () => {
  const lostOf = (seed: number): number => {
    const faults = list({ kind: 'loss', fraction: 0.05, when: { seed } })
    const all = Array.from({ length: 2_000 }, () => faults.plan(query()).kind)
    return all.filter((kind) => kind === 'dropped').length
  }
  assert.ok(lostOf(1) > 60 && lostOf(1) < 140, String(lostOf(1)))
  assert.equal(lostOf(1), lostOf(1))
  assert.notEqual(lostOf(1), lostOf(2))
  assert.equal(
    list({ kind: 'loss', fraction: 1 }).plan(query({ transport: 'tcp' })).kind,
    'answered',
  )
})

it('lets the earliest fault of a group win, those that swallow first, delay and TTL beside any', () => {
  const faults = list(
    { kind: 'delay', delayMs: 7 },
    { kind: 'ttl' },
    { kind: 'servfail', when: { type: 'A' } },
    { kind: 'refused' },
    { kind: 'drop', when: { name: 'gone.test' } },
  )
  assert.deepEqual(faults.plan(query({ name: 'gone.test' })), { kind: 'dropped', fault: 'drop' })
  const plan = faults.plan(query())
  assert.ok(plan.kind === 'answered')
  assert.deepEqual([plan.fault, plan.delayMs, plan.ttl, plan.isLost], ['servfail', 7, 0, false])
  assert.equal(faults.plan(query({ type: 'AAAA' })).fault, 'refused')
  assert.deepEqual(
    faults.list.map(({ applied }) => applied),
    [2, 2, 1, 1, 1],
  )
})

it('takes a fault away by its handle, and all at once', () => {
  const faults = list({ kind: 'refused' })
  const handle = faults.add({ kind: 'silence' })
  handle.off()
  assert.equal(faults.plan(query()).fault, 'refused')
  faults.clear()
  assert.equal(faults.plan(query()).fault, undefined)
  assert.equal(handle.applied, 0)
})

/** Datagrams of one flow at these ms, answered as soon as `answeredAt` says: which of them a race drops. */
function raced(fault: DnsFault, times: readonly number[], answeredAt = Number.POSITIVE_INFINITY) {
  const faults = list(fault)
  const flows = new FlowTable(10)
  const start = performance.now()
  return times.filter((ms) => {
    const flow = flows.arrive('127.0.0.1|4000', start + ms, faults.flowMs)
    flow.isAnswered = ms >= answeredAt
    return faults.plan(query({ flow, now: start + ms })).kind === 'dropped'
  })
}

it('race: drops the second datagram of a flow when it follows within 20 ms', () => {
  assert.deepEqual(raced({ kind: 'race' }, [0, 1, 2, 3]), [1])
  assert.deepEqual(raced({ kind: 'race' }, [0, 21, 22]), [])
  assert.deepEqual(raced({ kind: 'race', withinMs: 100 }, [0, 90]), [90])
})

it('race: may spare what comes after the first answer', () => {
  const real: DnsFault = { kind: 'race', whileUnanswered: true }
  assert.deepEqual(raced(real, [0, 1, 2], 2), [1])
  assert.deepEqual(raced(real, [0, 3, 4], 2), [])
  // An answer that never comes does not make the race last for ever.
  assert.deepEqual(raced(real, [0, 5_000]), [])
})

it('race: a flow is new again when it has been silent for long', () => {
  assert.deepEqual(raced({ kind: 'race' }, [0, 5_000, 5_001, 29_000, 58_000, 58_001]), [])
  assert.deepEqual(raced({ kind: 'race' }, [0, 1, 30_002, 30_003]), [1, 30_003])
  assert.deepEqual(raced({ kind: 'race', flowMs: 100 }, [0, 1, 102, 103]), [1, 103])
})

it('race: makes answers wait as long as it says, 2 ms where it needs them to', () => {
  const delayOf = (fault: DnsFault, more: Partial<DnsOccasion> = {}) => {
    const plan = list(fault).plan(query(more))
    return plan.kind === 'answered' ? plan.delayMs : undefined
  }
  assert.equal(delayOf({ kind: 'race' }), 0)
  assert.equal(delayOf({ kind: 'race', whileUnanswered: true }), 2)
  assert.equal(delayOf({ kind: 'race', answerDelayMs: 40 }), 40)
  assert.equal(delayOf({ kind: 'race', answerDelayMs: 40 }, { transport: 'tcp' }), 0)
  assert.equal(delayOf({ kind: 'race', answerDelayMs: 40, when: { type: 'AAAA' } }), 0)
})

it('remembers a bounded number of flows, the newest', () => {
  const flows = new FlowTable(2)
  flows.arrive('a', 0, 100)
  flows.arrive('b', 1, 100)
  flows.arrive('a', 2, 100)
  flows.arrive('c', 3, 100)
  assert.equal(flows.arrive('a', 4, 100).datagrams, 3)
  assert.equal(flows.arrive('b', 5, 100).datagrams, 1)
})

const senseless: readonly (readonly [unknown, RegExp])[] = [
  [{ kind: 'rase' }, /unknown kind "rase"/],
  [{ kind: 'loss' }, /fraction is missing/],
  [{ kind: 'loss', fraction: 5 }, /fraction must be a number from 0 to 1/],
  [{ kind: 'delay' }, /delayMs is missing/],
  [{ kind: 'delay', delayMs: -1 }, /delayMs must be a number of ms/],
  [{ kind: 'delay', delayMs: '1' }, /delayMs must be a number of ms/],
  [{ kind: 'ttl', ttl: 1.5 }, /ttl must be a number of seconds/],
  [{ kind: 'garbage', bytes: 70_000 }, /bytes must be a number of bytes/],
  [{ kind: 'drop', when: { every: 0 } }, /every must be a whole number/],
  [{ kind: 'drop', when: { queries: [3, 2] } }, /queries must be \[from, to\]/],
  [{ kind: 'silence', when: { type: 'A' } }, /knows no type; use drop/],
]
it('refuses a fault that makes no sense, and shows it', () => {
  for (const [fault, reason] of senseless) {
    assert.throws(() => list(fault as DnsFault), { name: 'TypeError', message: reason })
    assert.throws(() => list(fault as DnsFault), { message: /in the fault \{/ })
  }
})
