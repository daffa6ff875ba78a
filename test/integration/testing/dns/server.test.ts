import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { Resolver } from 'node:dns/promises'
import { once } from 'node:events'
import { connect } from 'node:net'
import type { TestContext } from 'node:test'
import { it } from 'node:test'
import { decode } from 'dns-packet'
import type { FaultyDns, FaultyDnsOptions } from '../../../../src/testing/dns/index.ts'
import { createFaultyDns } from '../../../../src/testing/dns/index.ts'
import { ask, askTcp, RawClient, rcodeOf, recordsOf } from './raw-client.ts'

const zones = {
  'es.test': { A: ['127.0.0.1'], AAAA: ['::1'], ttl: 5 },
  'alias.test': { CNAME: 'es.test', ttl: 9 },
  'loop.test': { CNAME: 'pool.test' },
  'pool.test': { CNAME: 'loop.test' },
  'many.test': { A: Array.from({ length: 60 }, (_, i) => `127.0.1.${i}`) },
} as const

async function start(t: TestContext, options: FaultyDnsOptions = {}): Promise<FaultyDns> {
  const server = await createFaultyDns({ zones, ...options })
  t.after(() => server.close())
  return server
}

function resolver(...servers: readonly FaultyDns[]): Resolver {
  const created = new Resolver({ timeout: 300, tries: 2 })
  created.setServers(servers.map(({ nameserver }) => nameserver))
  return created
}

it("answers Node's own resolver: addresses, aliases, what does not exist", async (t) => {
  const server = await start(t)
  const own = resolver(server)
  assert.deepEqual(await own.resolve4('es.test', { ttl: true }), [{ address: '127.0.0.1', ttl: 5 }])
  assert.deepEqual(await own.resolve6('es.test'), ['::1'])
  assert.deepEqual(await own.resolve4('alias.test', { ttl: true }), [
    { address: '127.0.0.1', ttl: 5 },
  ])
  assert.deepEqual(await own.resolveCname('alias.test'), ['es.test'])
  await assert.rejects(own.resolve4('nobody.test'), { code: 'ENOTFOUND' })
  await assert.rejects(own.resolve6('many.test'), { code: 'ENODATA' })
  const loop = await ask(server, 'loop.test')
  assert.deepEqual(recordsOf(loop), ['CNAME pool.test 30', 'CNAME loop.test 30'])
})

it('answers over IPv6 as well', async (t) => {
  let server: FaultyDns
  try {
    server = await start(t, { address: '::1' })
  } catch (error) {
    t.skip(`no IPv6 here: ${String(error)}`)
    return
  }
  assert.equal(server.nameserver, `[::1]:${server.port}`)
  assert.deepEqual(await resolver(server).resolve4('es.test'), ['127.0.0.1'])
  assert.equal(server.queries[0]?.sourceAddress, '::1')
})

it('repeats the question, the id and the wish for recursion', async (t) => {
  const server = await start(t)
  const answer = await ask(server, 'eS.tEsT', 'A', { id: 4711 })
  assert.equal(answer?.id, 4711)
  assert.equal(answer?.questions?.[0]?.name, 'eS.tEsT')
  assert.deepEqual([answer?.flag_qr, answer?.flag_rd, answer?.flag_ra], [true, true, true])
  assert.deepEqual(answer?.additionals, [])
})

it('says with an SOA how long a negative answer holds', async (t) => {
  const soaOf = async (server: FaultyDns, name: string) => {
    const [record] = (await ask(server, name, 'AAAA'))?.authorities ?? []
    if (record?.type !== 'SOA') return undefined
    return { name: record.name, ttl: record.ttl, minimum: record.data.minimum }
  }
  const usual = await start(t)
  assert.deepEqual(await soaOf(usual, 'nobody.test'), { name: 'test', ttl: 5, minimum: 5 })
  assert.deepEqual(await soaOf(usual, 'many.test'), { name: 'test', ttl: 5, minimum: 5 })
  assert.equal(await soaOf(usual, 'es.test'), undefined)
  const own = await start(t, { soa: { minimum: 60, ttl: 2 } })
  assert.deepEqual(await soaOf(own, 'nobody.test'), { name: 'test', ttl: 2, minimum: 60 })
  const without = await start(t, { soa: false })
  assert.equal(await soaOf(without, 'nobody.test'), undefined)
  assert.equal(rcodeOf(await ask(without, 'nobody.test')), 'NXDOMAIN')
})

it('truncates what is longer than the client takes, and gives it whole over TCP', async (t) => {
  const server = await start(t)
  const short = await ask(server, 'many.test')
  assert.deepEqual([short?.flag_tc, recordsOf(short).length], [true, 0])
  const roomy = await ask(server, 'many.test', 'A', { udpPayloadSize: 4_096 })
  assert.deepEqual([roomy?.flag_tc, recordsOf(roomy).length], [false, 60])
  assert.equal(roomy?.additionals?.[0]?.type, 'OPT')
  assert.equal((await resolver(server).resolve4('many.test')).length, 60)
  const [overUdp, withEdns, thenUdp, thenTcp] = server.queries
  assert.deepEqual(
    [overUdp?.isTruncated, overUdp?.udpPayloadSize, overUdp?.records],
    [true, undefined, 0],
  )
  assert.deepEqual(
    [withEdns?.isTruncated, withEdns?.udpPayloadSize, withEdns?.records],
    [false, 4_096, 60],
  )
  assert.deepEqual([thenUdp?.transport, thenTcp?.transport], ['udp', 'tcp'])
})

it('reads several questions from one TCP connection, however the bytes arrive', async (t) => {
  const server = await start(t)
  const questions = (['A', 'AAAA', 'A'] as const).map((type, i) => ({
    name: 'es.test',
    type,
    id: i,
  }))
  for (const chunkBytes of [1, 7, 1_000]) {
    const answers = await askTcp(server, questions, chunkBytes)
    assert.deepEqual(
      answers.map((answer) => [answer.id, ...recordsOf(answer)]),
      [
        [0, 'A 127.0.0.1 5'],
        [1, 'AAAA ::1 5'],
        [2, 'A 127.0.0.1 5'],
      ],
    )
  }
})

it('answers to names that change while it runs', async (t) => {
  const server = await start(t)
  server.zones.set('es.test', { A: ['127.0.0.7'], ttl: 1 })
  assert.deepEqual(recordsOf(await ask(server, 'es.test')), ['A 127.0.0.7 1'])
  server.zones.delete('es.test')
  assert.equal(rcodeOf(await ask(server, 'es.test')), 'NXDOMAIN')
  server.zones.set('es.test', { A: ['127.0.0.1'], later: [{ afterMs: 100, A: ['127.0.0.2'] }] })
  assert.deepEqual(recordsOf(await ask(server, 'es.test')), ['A 127.0.0.1 30'])
  const addresses = new Set<string>()
  for (let i = 0; i < 50 && addresses.size < 2; i++) {
    for (const record of recordsOf(await ask(server, 'es.test'))) addresses.add(record)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  assert.deepEqual([...addresses], ['A 127.0.0.1 30', 'A 127.0.0.2 30'])
})

it('records each query with its source port, id, name, type, time and outcome', async (t) => {
  const server = await start(t, { faults: [{ kind: 'drop', when: { type: 'AAAA' } }] })
  const client = await RawClient.open(server)
  client.send({ name: 'es.test', type: 'A', id: 11 })
  await client.answers(1)
  client.send({ name: 'es.test', type: 'AAAA', id: 12 })
  await server.waitFor(({ queries }) => queries.length === 2)
  const [first, second] = server.queries
  assert.deepEqual(
    { ...first, at: 0 },
    {
      number: 1,
      at: 0,
      transport: 'udp',
      sourceAddress: '127.0.0.1',
      sourcePort: client.port,
      id: 11,
      name: 'es.test',
      type: 'A',
      udpPayloadSize: undefined,
      fault: undefined,
      delayMs: 0,
      outcome: 'answered',
      rcode: 'noerror',
      records: 1,
      isTruncated: false,
    },
  )
  assert.deepEqual(
    [second?.number, second?.id, second?.sourcePort, second?.outcome, second?.fault, second?.rcode],
    [2, 12, client.port, 'dropped', 'drop', undefined],
  )
  assert.ok((second?.at ?? 0) >= (first?.at ?? 0))
  await client.close()
})

it('remembers no more queries than it was told, the newest', async (t) => {
  const server = await start(t, { keepQueries: 3 })
  for (let id = 1; id <= 5; id++) await ask(server, 'es.test', 'A', { id })
  assert.deepEqual(
    server.queries.map(({ number, id }) => [number, id]),
    [
      [3, 3],
      [4, 4],
      [5, 5],
    ],
  )
  server.clearQueries()
  await ask(server, 'es.test', 'A', { id: 6 })
  assert.deepEqual(
    server.queries.map(({ number }) => number),
    [6],
  )
})

it('says FORMERR to what is no question, nothing to an answer, and stays alive', async (t) => {
  const server = await start(t)
  const client = await RawClient.open(server)
  const head = (flags: number, questions: number): Buffer =>
    Buffer.from([0x12, 0x34, flags, 0, 0, questions, 0, 0, 0, 0, 0, 0])
  for (const bytes of [
    Buffer.alloc(0),
    Buffer.alloc(11),
    head(0x80, 0),
    head(1, 0),
    head(1, 200),
    Buffer.concat([head(1, 1), Buffer.from([0xc0, 0x0c, 0, 1, 0, 1])]),
    Buffer.concat([head(1, 1), Buffer.from([3, 0xff, 0xfe, 0x2e, 0, 0, 1, 0, 1])]),
  ]) {
    client.sendBytes(bytes)
  }
  const answers = await client.answers(4)
  assert.deepEqual(
    answers.map((bytes) => rcodeOf(decode(bytes))),
    Array(4).fill('FORMERR'),
  )
  assert.deepEqual(
    server.queries.map(({ name, rcode }) => [name, rcode]),
    Array(4).fill(['', 'formerr']),
  )
  // In portions: the kernel drops what does not fit into the socket's buffer.
  for (let i = 0; i < 300; i++) {
    const length = (i * 7) % 90
    client.sendBytes(Buffer.from(Array.from({ length }, (_, n) => (n * i * 31 + i) % 256)))
    if (i % 50 === 49) assert.deepEqual(recordsOf(await ask(server, 'es.test')), ['A 127.0.0.1 5'])
  }
  await client.close()
})

it('is refused at once while it is down, and is back on the same port', async (t) => {
  const server = await start(t)
  const { port } = server
  await server.down()
  const client = await RawClient.open(server)
  client.send({ name: 'es.test', type: 'A' })
  await client.answers(1)
  assert.deepEqual(client.errors, ['ECONNREFUSED'])
  await client.close()
  const [error] = (await once(connect(port, '127.0.0.1'), 'error')) as [NodeJS.ErrnoException]
  assert.equal(error.code, 'ECONNREFUSED')
  const alive = await start(t)
  const startedAt = performance.now()
  assert.deepEqual(await resolver(server, alive).resolve4('es.test'), ['127.0.0.1'])
  assert.ok(performance.now() - startedAt < 250, 'a closed port sends to the next server at once')
  await server.up()
  await server.up()
  assert.equal(server.port, port)
  assert.deepEqual(recordsOf(await ask(server, 'es.test')), ['A 127.0.0.1 5'])
})

it('gives up the answers that wait when it goes down', async (t) => {
  const server = await start(t, { faults: [{ kind: 'delay', delayMs: 5_000 }] })
  const client = await RawClient.open(server)
  client.send({ name: 'es.test', type: 'A' })
  await server.waitFor(({ queries }) => queries[0]?.outcome === 'waiting')
  await server.down()
  assert.equal(server.queries[0]?.outcome, 'unsent')
  assert.equal((await client.answers(1)).length, 0)
  await client.close()
})

it('rejects when the port is taken, over UDP or over TCP, and after its end', async (t) => {
  const server = await start(t)
  await assert.rejects(createFaultyDns({ port: server.port }), { code: 'EADDRINUSE' })
  const taken = createSocket('udp4')
  taken.bind(0, '127.0.0.1')
  await once(taken, 'listening')
  await assert.rejects(createFaultyDns({ port: taken.address().port }), { code: 'EADDRINUSE' })
  taken.close()
  await assert.rejects(createFaultyDns({ address: 'localhost' }), TypeError)
  await server.close()
  await server.close()
  await assert.rejects(server.up(), TypeError)
})

it('tells what is there when it waited in vain', async (t) => {
  const server = await start(t)
  await ask(server, 'es.test')
  await assert.rejects(
    server.waitFor(({ queries }) => queries.length > 1, { timeoutMs: 30, what: 'a second query' }),
    /waited 30 ms in vain: a second query; queries: 1, the latest A es\.test over udp → answered/,
  )
})
