import assert from 'node:assert/strict'
import { it } from 'node:test'
import { answerQuestion } from '../../../../src/testing/dns/answer-question.ts'
import type { ZoneRecords, Zones } from '../../../../src/testing/dns/index.ts'
import { ZoneTable } from '../../../../src/testing/dns/zones.ts'

const table = (zones: Zones, now = () => 0): ZoneTable => new ZoneTable(zones, now)

/** What a question gets: the code, and the records as `name type data ttl`. */
function ask(zones: ZoneTable, name: string, type: string): readonly string[] {
  const answer = answerQuestion(name, type, (owner) => zones.look(owner))
  const records = answer.records.map((r) => `${r.name} ${r.type} ${r.data} ${r.ttl}`)
  return [answer.negative ? `${answer.rcode}, negative` : answer.rcode, ...records]
}

it('answers with the records of the name, in any case and with or without a dot', () => {
  const zones = table({ 'Es.Test.': { A: ['127.0.0.1', '127.0.0.2'], AAAA: ['::1'], ttl: 5 } })
  const both = ['noerror', 'eS.test A 127.0.0.1 5', 'eS.test A 127.0.0.2 5']
  assert.deepEqual(ask(zones, 'eS.test', 'A'), both)
  assert.deepEqual(ask(zones, 'es.test', 'AAAA'), ['noerror', 'es.test AAAA ::1 5'])
})

it('tells a name without such a record from one that does not exist', () => {
  const zones = table({ 'es.logging.test': { A: ['127.0.0.1'] }, 'bare.test': {} })
  assert.deepEqual(ask(zones, 'es.logging.test', 'AAAA'), ['noerror, negative'])
  assert.deepEqual(ask(zones, 'es.logging.test', 'TXT'), ['noerror, negative'])
  assert.deepEqual(ask(zones, 'bare.test', 'A'), ['noerror, negative'])
  // It has no records of its own, but a name below it has.
  assert.deepEqual(ask(zones, 'logging.test', 'A'), ['noerror, negative'])
  assert.deepEqual(ask(zones, 'other.test', 'A'), ['nxdomain, negative'])
  assert.deepEqual(ask(zones, 's.logging.test', 'A'), ['nxdomain, negative'])
})

it('follows a chain of CNAMEs to the records, or to the name that does not exist', () => {
  const zones = table({
    'a.test': { CNAME: 'b.test', ttl: 30 },
    'b.test': { CNAME: 'C.test', ttl: 3 },
    'c.test': { A: ['127.0.0.1'], ttl: 60 },
    'lost.test': { CNAME: 'nowhere.test' },
  })
  assert.deepEqual(ask(zones, 'a.test', 'A'), [
    'noerror',
    'a.test CNAME b.test 30',
    'b.test CNAME c.test 3',
    'c.test A 127.0.0.1 60',
  ])
  assert.deepEqual(ask(zones, 'lost.test', 'A'), [
    'nxdomain, negative',
    'lost.test CNAME nowhere.test 30',
  ])
  assert.deepEqual(ask(zones, 'a.test', 'CNAME'), ['noerror', 'a.test CNAME b.test 30'])
})

it('walks a loop of CNAMEs once', () => {
  const zones = table({ 'a.test': { CNAME: 'b.test' }, 'b.test': { CNAME: 'a.test' } })
  assert.deepEqual(ask(zones, 'a.test', 'A'), [
    'noerror, negative',
    'a.test CNAME b.test 30',
    'b.test CNAME a.test 30',
  ])
})

it('gives up a chain that is longer than any real one', () => {
  const names = Array.from({ length: 40 }, (_, i) => `n${i}.test`)
  const zones = table(
    Object.fromEntries(names.map((name, i) => [name, { CNAME: `n${i + 1}.test` }])),
  )
  assert.ok(ask(zones, 'n0.test', 'A').length < 20)
})

it('takes a wildcard for what has no closer name', () => {
  const zones = table({
    '*.test': { A: ['127.0.0.1'] },
    'own.test': { A: ['127.0.0.2'] },
    '*.deep.test': { A: ['127.0.0.3'] },
  })
  assert.equal(ask(zones, 'any.test', 'A')[1], 'any.test A 127.0.0.1 30')
  assert.equal(ask(zones, 'two.labels.test', 'A')[1], 'two.labels.test A 127.0.0.1 30')
  assert.equal(ask(zones, 'own.test', 'A')[1], 'own.test A 127.0.0.2 30')
  assert.equal(ask(zones, 'x.deep.test', 'A')[1], 'x.deep.test A 127.0.0.3 30')
  // `own.test` exists, so that the wildcard above it does not reach below it.
  assert.deepEqual(ask(zones, 'x.own.test', 'A'), ['nxdomain, negative'])
})

it('changes addresses by itself when their time has come', () => {
  let now = 0
  const zones = table(
    {
      'es.test': {
        A: ['127.0.0.1'],
        ttl: 2,
        later: [
          { afterMs: 3_000, A: ['127.0.0.3'], ttl: 9 },
          { afterMs: 1_000, A: ['127.0.0.2'] },
        ],
      },
    },
    () => now,
  )
  const at = (ms: number): string | undefined => {
    now = ms
    return ask(zones, 'es.test', 'A')[1]
  }
  assert.equal(at(999), 'es.test A 127.0.0.1 2')
  assert.equal(at(1_000), 'es.test A 127.0.0.2 2')
  assert.equal(at(3_000), 'es.test A 127.0.0.3 9')
  zones.set('es.test', { A: ['127.0.0.9'] })
  assert.equal(at(4_000), 'es.test A 127.0.0.9 30')
  assert.equal(zones.delete('ES.test.'), true)
  assert.equal(zones.delete('es.test'), false)
  assert.deepEqual(zones.names, [])
})

const unsendable: readonly (readonly [string, ZoneRecords, RegExp])[] = [
  ['es.test', { A: ['::1'] }, /IPv4/],
  ['es.test', { AAAA: ['fe80::1%eth0'] }, /IPv6/],
  ['es.test', { CNAME: 'b.test', A: ['127.0.0.1'] }, /stands alone/],
  ['es.test', { CNAME: 'b..test' }, /CNAME must be a domain name/],
  ['es.test', { ttl: -1 }, /ttl/],
  ['es.test', { A: Array.from({ length: 201 }, () => '127.0.0.1') }, /at most 200/],
  ['es..test', {}, /not a domain name/],
  [`${'a'.repeat(64)}.test`, {}, /not a domain name/],
  ['es.test', { later: [{ afterMs: -1 }] }, /afterMs/],
  ['es.test', { later: [{ afterMs: 1, A: ['nowhere'] }] }, /IPv4/],
]
it('refuses records that no server could send, and shows them', () => {
  for (const [name, records, reason] of unsendable) {
    assert.throws(() => table({ [name]: records }), { name: 'TypeError', message: reason })
    assert.throws(() => table({ [name]: records }), { message: /in the records of/ })
  }
})
