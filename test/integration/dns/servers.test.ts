import assert from 'node:assert/strict'
import { it } from 'node:test'
import { DnsLookupError } from '../../../src/dns/index.ts'
import { createChance } from '../../helpers/seeded-random.ts'
import { TinyDns } from '../../helpers/tiny-dns.ts'
import { eventOf, findAll, startLookup, timed } from './dns-fixture.ts'

const zone = {
  'es.lab': ['A 30 10.99.0.80', 'AAAA 30 fd99::80'],
  'four.lab': ['A 30 10.99.0.80'],
  'six.lab': ['AAAA 30 fd99::80'],
  'alias.lab': ['CNAME 3 four.lab'],
  'loop.lab': ['CNAME 30 pool.lab'],
  'pool.lab': ['CNAME 30 loop.lab'],
  'big.lab': Array.from({ length: 100 }, (_, i) => `A 30 10.98.0.${i + 1}`),
}
const faults = { FORMERR: 1, SERVFAIL: 2, NOTIMP: 4, REFUSED: 5 }

for (const [name, rcode] of Object.entries(faults)) {
  it(`a server that answers ${name} is passed over at once`, async () => {
    await using bad = await TinyDns.start({ fate: () => ({ rcode }) })
    await using good = await TinyDns.start({ zone })
    await using client = startLookup({ options: { servers: [bad.address, good.address] } })
    const { ms, value } = await timed(client.find('es.lab'))
    assert.deepEqual(value, ['10.99.0.80'])
    assert.ok(ms < 100, `${ms} ms`)
    assert.equal(bad.queries.length, 1)
  })
}

it('a server whose port is closed is passed over at once, and comes last from then on', async () => {
  const closed = await TinyDns.start()
  const { address } = closed
  await closed[Symbol.asyncDispose]()
  await using good = await TinyDns.start({ zone })
  await using client = startLookup({ options: { servers: [address, good.address] } })
  const { ms, value } = await timed(client.find('es.lab'))
  assert.deepEqual(value, ['10.99.0.80'])
  assert.ok(ms < 100, `${ms} ms`)
})

it('a server that dislikes EDNS is asked without it', async () => {
  await using dns = await TinyDns.start({
    zone,
    fate: ({ edns }) => (edns ? { rcode: 1 } : undefined),
  })
  await using client = startLookup({ options: { servers: [dns.address] } })
  assert.deepEqual(await client.find('es.lab'), ['10.99.0.80'])
  assert.deepEqual(
    dns.queries.map(({ edns }) => edns),
    [true, false],
  )
})

it('each try comes from another port, and a late answer to an earlier one counts', async () => {
  await using dns = await TinyDns.start({ zone, fate: ({ turn }) => (turn === 0 ? 320 : 'drop') })
  await using client = startLookup({ options: { servers: [dns.address] } })
  const { ms, value } = await timed(client.find('es.lab'))
  assert.deepEqual(value, ['10.99.0.80'])
  assert.ok(ms > 310 && ms < 500, `${ms} ms`)
  assert.equal(new Set(dns.queries.map(({ port }) => port)).size, 2)
})

it('a slow answer is told, with what each question got', async () => {
  await using dns = await TinyDns.start({ zone, fate: () => 300 })
  await using client = startLookup({ options: { servers: [dns.address] } })
  await client.find('es.lab')
  const event = await eventOf(client.events, 'dns.slow')
  assert.ok(event.durationMs >= 290)
  assert.equal(event.lostPacketSignature, false)
  assert.deepEqual(
    event.questions.map(({ name, type, server, outcome }) => ({ name, type, server, outcome })),
    [{ name: 'es.lab', type: 'A', server: dns.address, outcome: 'answered' }],
  )
})

it('two lost packets in a row are told as the signature that they are', async () => {
  await using dns = await TinyDns.start({
    zone,
    fate: ({ turn }) => (turn < 2 ? 'drop' : undefined),
  })
  await using client = startLookup({ options: { servers: [dns.address] } })
  await client.find('es.lab')
  const event = await eventOf(client.events, 'dns.slow')
  assert.equal(event.lostPacketSignature, true)
  assert.equal(event.questions[0]?.tries, 3)
})

it('an answer that was cut short is asked for again over TCP', async () => {
  await using dns = await TinyDns.start({
    zone,
    fate: ({ protocol }) => (protocol === 'udp' ? 'truncate' : undefined),
  })
  await using client = startLookup({ options: { servers: [dns.address] } })
  assert.equal((await client.find('big.lab')).length, 100)
  assert.deepEqual(
    dns.queries.map(({ protocol }) => protocol),
    ['udp', 'tcp'],
  )
})

it('use-vc asks over TCP from the start', async () => {
  await using dns = await TinyDns.start({ zone })
  const resolvConf = 'nameserver 127.0.0.1\noptions use-vc\n'
  await using client = startLookup({ port: dns.port, resolvConf })
  assert.deepEqual(await client.find('es.lab'), ['10.99.0.80'])
  assert.deepEqual(
    dns.queries.map(({ protocol }) => protocol),
    ['tcp'],
  )
})

it('a server may be an IPv6 address', async () => {
  await using dns = await TinyDns.start({ zone, host: '::1' })
  await using client = startLookup({ options: { servers: [dns.address] } })
  assert.deepEqual(await client.find('es.lab'), ['10.99.0.80'])
  await using other = startLookup({ port: dns.port, resolvConf: 'nameserver ::1\n' })
  assert.deepEqual(await other.find('es.lab'), ['10.99.0.80'])
})

it('an answer with a wrong id is ignored', async () => {
  await using dns = await TinyDns.start({
    zone,
    fate: ({ turn }) => (turn === 0 ? 'foreign' : undefined),
  })
  await using client = startLookup({ options: { servers: [dns.address] } })
  assert.deepEqual(await client.find('es.lab'), ['10.99.0.80'])
  assert.equal(dns.queries.length, 2)
})

it('bytes that are no answer are passed over', async () => {
  await using bad = await TinyDns.start({
    fate: (_, message) => {
      const garbage = Buffer.alloc(600, 0xc0)
      message.copy(garbage, 0, 0, 2)
      garbage.writeUInt16BE(0x8180, 2)
      garbage.writeUInt16BE(1, 4)
      return garbage
    },
  })
  await using client = startLookup({ options: { servers: [bad.address] } })
  const { ms, error } = await timed(client.find('es.lab'))
  assert.equal((error as { code?: string }).code, 'EAI_AGAIN')
  assert.ok(ms < 1000, `${ms} ms`)
})

it('whatever bytes a server sends, over UDP or TCP, each lookup ends, and nothing breaks', async () => {
  const chance = createChance(11)
  const wild = (length: number) => Buffer.from(Array.from({ length }, () => chance.below(256)))
  await using bad = await TinyDns.start({
    zone,
    fate: ({ protocol, index }, message) => {
      if (protocol === 'udp' && index % 3 === 0) return 'truncate'
      // The question is right, so that all that follows is read.
      const bytes = Buffer.concat([message, wild(chance.below(500))])
      bytes.writeUInt16BE(0x8180, 2)
      for (const at of [6, 8, 10]) bytes.writeUInt16BE(chance.below(4), at)
      return chance.happens(0.2) ? wild(chance.below(40)) : bytes
    },
  })
  await using client = startLookup({ options: { servers: [bad.address], triesMs: [20, 40] } })
  const ends = await Promise.all(
    Array.from({ length: 300 }, (_, i) => timed(client.find(`n${i}.lab`))),
  )
  assert.ok(ends.every(({ error }) => error === undefined || error instanceof DnsLookupError))
  assert.ok(Math.max(...ends.map(({ ms }) => ms)) < 2_000)
})

it('AAAA is asked for by policy: without an IPv4 address, always, or never', async () => {
  const found: Record<string, readonly string[]> = {}
  for (const ipv6 of ['fallback', 'always', 'never'] as const) {
    await using dns = await TinyDns.start({ zone })
    await using client = startLookup({ options: { servers: [dns.address], ipv6 } })
    found[`${ipv6} es`] = await client.find('es.lab')
    found[`${ipv6} six`] = await client
      .find('six.lab')
      .catch((error: { code: string }) => [error.code])
  }
  assert.deepEqual(found, {
    'fallback es': ['10.99.0.80'],
    'fallback six': ['fd99::80'],
    'always es': ['10.99.0.80', 'fd99::80'],
    'always six': ['fd99::80'],
    'never es': ['10.99.0.80'],
    'never six': ['ENOTFOUND'],
  })
})

it('no-aaaa in resolv.conf keeps AAAA away', async () => {
  await using dns = await TinyDns.start({ zone })
  const resolvConf = 'nameserver 127.0.0.1\noptions no-aaaa\n'
  await using client = startLookup({ port: dns.port, resolvConf, options: { ipv6: 'always' } })
  assert.deepEqual(await client.find('es.lab'), ['10.99.0.80'])
  assert.deepEqual(dns.asked, ['es.lab A'])
})

it('whoever wants IPv6 alone gets it, though there is an IPv4 address', async () => {
  await using dns = await TinyDns.start({ zone })
  await using client = startLookup({ options: { servers: [dns.address] } })
  assert.deepEqual(await client.find('es.lab', { family: 6 }), ['fd99::80'])
  assert.deepEqual(dns.asked, ['es.lab AAAA'])
})

for (const [fault, fate] of Object.entries({ drop: 'drop' as const, SERVFAIL: { rcode: 2 } })) {
  it(`a failing AAAA (${fault}) does not spoil a good A`, async () => {
    await using dns = await TinyDns.start({
      zone,
      fate: ({ type }) => (type === 'AAAA' ? fate : undefined),
    })
    await using client = startLookup({ options: { servers: [dns.address], ipv6: 'always' } })
    const { ms, value } = await timed(client.find('es.lab'))
    assert.deepEqual(value, ['10.99.0.80'])
    assert.ok(ms < (fault === 'drop' ? 350 : 50), `${ms} ms`)
  })
}

it('where A is silent, AAAA is still asked, and the difference is told', async () => {
  await using dns = await TinyDns.start({
    zone,
    fate: ({ type }) => (type === 'A' ? 'drop' : undefined),
  })
  const triesMs = [100, 200, 300]
  await using client = startLookup({ options: { servers: [dns.address], triesMs } })
  assert.deepEqual(await client.find('es.lab'), ['fd99::80'])
  const event = await eventOf(client.events, 'dns.slow')
  assert.equal(event.lostPacketSignature, true)
  assert.deepEqual(
    event.questions.map(({ type, outcome }) => `${type} ${outcome}`),
    ['A timeout', 'AAAA answered'],
  )
})

it('the shortest TTL of a chain holds; a loop has no address', async () => {
  await using dns = await TinyDns.start({ zone })
  await using client = startLookup({ options: { servers: [dns.address] } })
  assert.deepEqual(await client.find('alias.lab'), ['10.99.0.80'])
  await assert.rejects(client.find('loop.lab'), { code: 'ENOTFOUND' })
})

const errors = {
  'es.lab': { fate: 'drop', code: 'ETIMEOUT' },
  'four.lab': { fate: { rcode: 2 }, code: 'ESERVFAIL' },
  'six.lab': { fate: { rcode: 5 }, code: 'EAI_AGAIN' },
  'none.lab': { fate: undefined, code: 'ENOTFOUND' },
} as const

for (const [name, { fate, code }] of Object.entries(errors)) {
  it(`a lookup that comes to nothing says ${code}, and is told as failed`, async () => {
    await using dns = await TinyDns.start({ zone, fate: () => fate })
    await using client = startLookup({ options: { servers: [dns.address], triesMs: [50, 100] } })
    const error: unknown = await findAll(client.lookup, name).catch((reason: unknown) => reason)
    assert.ok(error instanceof Error)
    const { code: was, hostname, syscall } = error as Error & Record<string, unknown>
    assert.deepEqual({ was, hostname, syscall }, { was: code, hostname: name, syscall: 'queryA' })
    const event = await eventOf(client.events, 'dns.failed')
    assert.equal(event.error?.code, code)
    const { ms } = await timed(client.find(name))
    assert.ok(ms < 20, 'known for a while')
  })
}

it('a dead server is given up before whoever waits 3 s does, and a failed name is asked again after a second', async () => {
  await using dns = await TinyDns.start({ zone, fate: () => 'drop' })
  await using client = startLookup({ options: { servers: [dns.address] } })
  const { ms, error } = await timed(client.find('es.lab'))
  assert.equal((error as { code?: string }).code, 'ETIMEOUT')
  assert.ok(ms > 2_000 && ms < 2_950, `${ms} ms`)
  dns.fate = () => undefined
  for (let i = 0; i < 150; i++) {
    const again = await timed(client.find('es.lab'))
    if (again.value !== undefined) break
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  assert.deepEqual(await client.find('es.lab'), ['10.99.0.80'])
  assert.equal(client.events.at(-1)?.code, 'dns.recovered')
})
