import assert from 'node:assert/strict'
import { Resolver } from 'node:dns/promises'
import type { TestContext } from 'node:test'
import { it } from 'node:test'
import { decode } from 'dns-packet'
import type { DnsFault, FaultyDns, RecordedQuery } from '../../../../src/testing/dns/index.ts'
import { createFaultyDns, dnsFaultKinds } from '../../../../src/testing/dns/index.ts'
import { ask, askBytes, askTcp, RawClient, rcodeOf, recordsOf } from './raw-client.ts'

const zones = { 'es.test': { A: ['127.0.0.1'], AAAA: ['::1'], ttl: 5 }, 'other.test': {} } as const
const right = ['A 127.0.0.1 5']
const proved = new Set<string>()

async function start(t: TestContext, ...faults: readonly DnsFault[]): Promise<FaultyDns> {
  const server = await createFaultyDns({ zones, faults })
  for (const { kind } of faults) proved.add(kind)
  t.after(() => server.close())
  return server
}

const shortOf = ({ type, fault, outcome }: RecordedQuery): string =>
  `${type} ${fault ?? '-'} ${outcome}`

it('race: the second of two questions from one port is lost, a retry from there passes', async (t) => {
  const server = await start(t, { kind: 'race' })
  const client = await RawClient.open(server)
  client.send({ name: 'es.test', type: 'A', id: 1 })
  client.send({ name: 'es.test', type: 'AAAA', id: 2 })
  assert.equal((await client.answers(2)).length, 1)
  client.send({ name: 'es.test', type: 'AAAA', id: 3 })
  const ids = (await client.answers(2)).map((bytes) => decode(bytes).id)
  assert.deepEqual(ids, [1, 3])
  assert.deepEqual(server.queries.map(shortOf), [
    'A - answered',
    'AAAA race dropped',
    'AAAA - answered',
  ])
  await client.close()
})

it('race: two ports, or one question after the other, lose nothing', async (t) => {
  const server = await start(t, { kind: 'race', whileUnanswered: true })
  await Promise.all([ask(server, 'es.test', 'A'), ask(server, 'es.test', 'AAAA')])
  const client = await RawClient.open(server)
  client.send({ name: 'es.test', type: 'A' })
  await client.answers(1)
  client.send({ name: 'es.test', type: 'AAAA' })
  assert.equal((await client.answers(2)).length, 2)
  assert.deepEqual(
    server.queries.map(({ outcome }) => outcome),
    Array(4).fill('answered'),
  )
  await client.close()
})

it("race: Node's resolver asks for A and AAAA from one port and waits for its timeout", async (t) => {
  const server = await start(t, { kind: 'race', whileUnanswered: true })
  const resolver = new Resolver({ timeout: 300, tries: 3 })
  resolver.setServers([server.nameserver])
  const startedAt = performance.now()
  await Promise.all([resolver.resolve4('es.test'), resolver.resolve6('es.test')])
  assert.ok(performance.now() - startedAt > 250)
  const [first, second] = server.queries
  assert.equal(first?.sourcePort, second?.sourcePort)
  assert.equal(second?.fault, 'race')
})

it('race: hits one flow in n, or one by chance', async (t) => {
  const server = await start(t, { kind: 'race', when: { every: 3 } })
  for (let flow = 0; flow < 6; flow++) {
    const client = await RawClient.open(server)
    client.send({ name: 'es.test', type: 'A' })
    client.send({ name: 'es.test', type: 'AAAA' })
    const expected = (flow + 1) * 2
    await server.waitFor(({ queries }) => queries.length === expected)
    await client.close()
  }
  const lost = server.queries.flatMap(({ fault }, i) => (fault === 'race' ? [i] : []))
  assert.deepEqual(lost, [5, 11])
})

it('loss: queries get lost before they are seen, answers after', async (t) => {
  const inwards = await start(t, { kind: 'loss', fraction: 1 })
  assert.equal(await ask(inwards, 'es.test'), undefined)
  assert.deepEqual(inwards.queries.map(shortOf), ['A loss dropped'])
  const outwards = await start(t, { kind: 'loss', fraction: 1, direction: 'out' })
  assert.equal(await ask(outwards, 'es.test'), undefined)
  assert.deepEqual(outwards.queries.map(shortOf), ['A loss answer-lost'])
  assert.equal(outwards.queries[0]?.rcode, 'noerror')
  assert.equal((await askTcp(outwards, [{ name: 'es.test', type: 'A' }])).length, 1)
})

it('loss: the same seed loses the same datagrams', async (t) => {
  const lost = async (seed: number): Promise<readonly number[]> => {
    const server = await start(t, { kind: 'loss', fraction: 0.3, when: { seed } })
    const client = await RawClient.open(server)
    for (let id = 1; id <= 40; id++) client.send({ name: 'es.test', type: 'A', id })
    await server.waitFor(({ queries }) => queries.length === 40)
    await client.close()
    return server.queries.filter(({ outcome }) => outcome === 'dropped').map(({ id }) => id)
  }
  const once = await lost(5)
  assert.ok(once.length > 3 && once.length < 25, String(once))
  assert.deepEqual(await lost(5), once)
  assert.notDeepEqual(await lost(6), once)
})

it('drop: one type, one name, over UDP and TCP', async (t) => {
  const server = await start(t, { kind: 'drop', when: { type: 'AAAA', name: 'es.test' } })
  assert.deepEqual(recordsOf(await ask(server, 'es.test')), right)
  assert.equal(await ask(server, 'es.test', 'AAAA'), undefined)
  assert.equal(rcodeOf(await ask(server, 'other.test', 'AAAA')), 'NOERROR')
  const answers = await askTcp(server, [
    { name: 'es.test', type: 'AAAA', id: 1 },
    { name: 'es.test', type: 'A', id: 2 },
  ])
  assert.deepEqual(
    answers.map(({ id }) => id),
    [2],
  )
})

it('silence: nothing is answered while it lasts, and all is well afterwards', async (t) => {
  const server = await start(t, { kind: 'silence', when: { queries: [2], forMs: 400 } })
  assert.deepEqual(recordsOf(await ask(server, 'es.test')), right)
  assert.equal(await ask(server, 'es.test'), undefined)
  assert.deepEqual(await askTcp(server, [{ name: 'es.test', type: 'A' }]), [])
  const end = performance.now() + 5_000
  let answer = await ask(server, 'es.test')
  while (!answer && performance.now() < end) answer = await ask(server, 'es.test')
  assert.deepEqual(recordsOf(answer), right)
})

it('delay: the answer comes late, and the query is recorded at once', async (t) => {
  const server = await start(t, { kind: 'delay', delayMs: 60, when: { type: 'A' } })
  const client = await RawClient.open(server)
  const startedAt = performance.now()
  client.send({ name: 'es.test', type: 'A' })
  await server.waitFor(({ queries }) => queries.length === 1)
  assert.equal(server.queries[0]?.outcome, 'waiting')
  await client.answers(1)
  assert.ok(performance.now() - startedAt >= 59)
  assert.deepEqual([server.queries[0]?.outcome, server.queries[0]?.delayMs], ['answered', 60])
  assert.equal(server.queries[0]?.fault, 'delay')
  await client.close()
})

for (const [kind, rcode] of [
  ['servfail', 'SERVFAIL'],
  ['refused', 'REFUSED'],
  ['formerr', 'FORMERR'],
  ['notimp', 'NOTIMP'],
  ['nxdomain', 'NXDOMAIN'],
  ['nodata', 'NOERROR'],
] as const) {
  it(`${kind}: the code and no records, over UDP and TCP`, async (t) => {
    const server = await start(t, { kind })
    const [overTcp] = await askTcp(server, [{ name: 'es.test', type: 'A' }])
    for (const answer of [await ask(server, 'es.test'), overTcp]) {
      assert.deepEqual([rcodeOf(answer), recordsOf(answer)], [rcode, []])
      const hasSoa = answer?.authorities?.[0]?.type === 'SOA'
      assert.equal(hasSoa, kind === 'nxdomain' || kind === 'nodata')
    }
    assert.equal(server.queries[0]?.fault, kind)
  })
}

it('nxdomain: flaps at every n-th question', async (t) => {
  const server = await start(t, { kind: 'nxdomain', when: { every: 3 } })
  const codes: (string | undefined)[] = []
  for (let i = 0; i < 6; i++) codes.push(rcodeOf(await ask(server, 'es.test')))
  const [good, bad] = ['NOERROR', 'NXDOMAIN']
  assert.deepEqual(codes, [good, good, bad, good, good, bad])
})

it("servfail for AAAA alone: Node's resolver says so", async (t) => {
  const server = await start(t, { kind: 'servfail', when: { type: 'AAAA' } })
  const resolver = new Resolver({ timeout: 300, tries: 1 })
  resolver.setServers([server.nameserver])
  await assert.rejects(resolver.resolve6('es.test'), { code: 'ESERVFAIL' })
  assert.deepEqual(await resolver.resolve4('es.test'), ['127.0.0.1'])
})

it('truncate: TC and no records over UDP, everything over TCP', async (t) => {
  const server = await start(t, { kind: 'truncate' })
  const answer = await ask(server, 'es.test')
  assert.deepEqual([answer?.flag_tc, recordsOf(answer)], [true, []])
  const resolver = new Resolver({ timeout: 300, tries: 1 })
  resolver.setServers([server.nameserver])
  assert.deepEqual(await resolver.resolve4('es.test'), ['127.0.0.1'])
  assert.deepEqual(
    server.queries.map(({ transport, isTruncated }) => [transport, isTruncated]),
    [
      ['udp', true],
      ['udp', true],
      ['tcp', false],
    ],
  )
})

it('wrong-id: another id, and the right answer behind it where asked for', async (t) => {
  const server = await start(t, { kind: 'wrong-id', when: { times: 1 } })
  const [lie] = await askBytes(server, { name: 'es.test', type: 'A', id: 7 })
  assert.ok(lie)
  assert.notEqual(decode(lie).id, 7)
  assert.deepEqual(recordsOf(decode(lie)), right)
  server.faults.add({ kind: 'wrong-id', rightAfterMs: 20 })
  const answers = await askBytes(server, { name: 'es.test', type: 'A', id: 7 }, 2)
  assert.deepEqual(
    answers.map((bytes) => decode(bytes).id === 7),
    [false, true],
  )
})

it('wrong-question: the right id, another name', async (t) => {
  const server = await start(t, { kind: 'wrong-question', rightAfterMs: 0 })
  const answers = await askBytes(server, { name: 'es.test', type: 'A', id: 7 }, 2)
  const seen = answers.map((bytes) => {
    const { id, questions = [], answers: records = [] } = decode(bytes)
    return [id, questions[0]?.name, records[0]?.name]
  })
  assert.deepEqual(seen, [
    [7, 'not-es.test', 'not-es.test'],
    [7, 'es.test', 'es.test'],
  ])
})

it('garbage: random bytes of a seed behind a proper head, or without one', async (t) => {
  const question = { name: 'es.test', type: 'A', id: 0x1234 } as const
  const garbage = async (fault: Omit<Extract<DnsFault, { kind: 'garbage' }>, 'kind'>) => {
    const server = await start(t, { kind: 'garbage', ...fault })
    const [bytes] = await askBytes(server, question)
    assert.equal(server.queries[0]?.rcode, undefined)
    return bytes
  }
  const one = await garbage({ bytes: 40, when: { seed: 3 } })
  assert.equal(one?.length, 40)
  assert.equal(one?.readUInt16BE(0), 0x1234)
  assert.ok((one?.[2] ?? 0) & 0x80, 'it claims to be an answer')
  assert.deepEqual(await garbage({ bytes: 40, when: { seed: 3 } }), one)
  assert.notDeepEqual(await garbage({ bytes: 40, when: { seed: 4 } }), one)
  const headless = await garbage({ header: false })
  assert.equal(headless?.length, 64)
  assert.notEqual(headless?.readUInt16BE(0), 0x1234)
  assert.equal((await garbage({ bytes: 0 }))?.length, 0)
})

it('garbage: a name that points to itself', async (t) => {
  const server = await start(t, { kind: 'garbage', what: 'pointer-loop', rightAfterMs: 1 })
  const [loop, good] = await askBytes(
    server,
    { name: 'es.test', type: 'A', id: 9, udpPayloadSize: 1_232 },
    2,
  )
  assert.ok(loop && good)
  assert.equal(loop.readUInt16BE(0), 9)
  assert.equal(loop.readUInt16BE(6), 1)
  const pointer = loop.readUInt16BE(loop.length - 16)
  assert.equal(pointer & 0x3fff, loop.length - 16)
  assert.throws(() => decode(loop), /bad pointer/)
  assert.deepEqual(recordsOf(decode(good)), right)
})

it('ttl: 0, or what is given, beside any other fault', async (t) => {
  const server = await start(t, { kind: 'ttl', when: { times: 1 } }, { kind: 'ttl', ttl: 86_400 })
  assert.deepEqual(recordsOf(await ask(server, 'es.test')), ['A 127.0.0.1 0'])
  assert.deepEqual(recordsOf(await ask(server, 'es.test')), ['A 127.0.0.1 86400'])
  server.faults.add({ kind: 'nodata' })
  const [soa] = (await ask(server, 'es.test'))?.authorities ?? []
  assert.equal(soa?.type === 'SOA' && soa.ttl, 86_400)
})

it('one of two servers silent: the other one answers', async (t) => {
  const dead = await start(t, { kind: 'silence' })
  const alive = await start(t)
  const resolver = new Resolver({ timeout: 200, tries: 2 })
  resolver.setServers([dead.nameserver, alive.nameserver])
  assert.deepEqual(await resolver.resolve4('es.test'), ['127.0.0.1'])
  assert.deepEqual(dead.queries.map(shortOf), ['A silence dropped'])
})

it('every kind of fault is proved here', () => {
  assert.deepEqual([...proved].sort(), [...dnsFaultKinds].sort())
})
