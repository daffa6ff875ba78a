import assert from 'node:assert/strict'
import { it } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { createChance } from '../../helpers/seeded-random.ts'
import { TinyDns } from '../../helpers/tiny-dns.ts'
import { eventOf, quantile, startLookup, timed, until } from './dns-fixture.ts'

const dual = { '*.w.lab': ['A 30 10.99.0.80', 'AAAA 30 fd99::80'] }

/** Cold lookups of distinct names, one after the other: how long each took. */
async function coldLookups(
  count: number,
  find: (name: string) => Promise<unknown>,
): Promise<number[]> {
  const times: number[] = []
  for (let i = 0; i < count; i++) {
    const { ms, error } = await timed(find(`n${i}.w.lab`))
    assert.equal(error, undefined)
    times.push(ms)
  }
  return times
}

for (const ipv6 of ['fallback', 'always'] as const) {
  it(`200 cold lookups under the conntrack race take milliseconds each (ipv6 ${ipv6})`, async () => {
    await using dns = await TinyDns.start({ zone: dual, race: true })
    await using client = startLookup({ options: { servers: [dns.address], ipv6 } })
    await client.find('warm.w.lab')
    const times = await coldLookups(200, client.find)
    assert.ok(quantile(times, 0.99) < 20, `p99 ${quantile(times, 0.99)} ms`)
    const ports = dns.queries.map(({ port }) => port)
    assert.ok(new Set(ports).size > ports.length * 0.9, 'a port of its own for each query')
    assert.equal(dns.queries.length, ipv6 === 'always' ? 402 : 201)
  })
}

it('with 5 % of the queries lost no lookup fails, and p99 stays under 700 ms', async () => {
  const chance = createChance(7)
  await using dns = await TinyDns.start({
    zone: dual,
    fate: () => (chance.happens(0.05) ? 'drop' : undefined),
  })
  await using client = startLookup({ options: { servers: [dns.address] } })
  const times = await coldLookups(200, client.find)
  assert.ok(quantile(times, 0.99) < 700, `p99 ${quantile(times, 0.99)} ms`)
  assert.ok(quantile(times, 0.5) < 10, `p50 ${quantile(times, 0.5)} ms`)
})

it('dead DNS after one success fails no lookup and delays none; it is told, and its end too', async () => {
  await using dns = await TinyDns.start({ zone: { 'es.lab': ['A 1 10.99.0.80'] } })
  await using client = startLookup({ options: { servers: [dns.address] } })
  await client.find('es.lab')
  dns.fate = () => 'drop'
  const times: number[] = []
  const endMs = performance.now() + 6_000
  while (performance.now() < endMs) {
    const { ms, value } = await timed(client.find('es.lab'))
    assert.deepEqual(value, ['10.99.0.80'])
    times.push(ms)
    await delay(10)
  }
  // Far below any wait for a server, and above what a busy machine takes by itself.
  assert.ok(quantile(times, 0.98) < 5, `p98 ${quantile(times, 0.98)} ms`)
  assert.ok(Math.max(...times) < 50, `max ${Math.max(...times)} ms`)
  dns.fate = () => undefined
  await eventOf(client.events, 'dns.recovered')
  assert.deepEqual(
    client.events.map(({ code }) => code).filter((code) => code !== 'dns.slow'),
    ['dns.stale', 'dns.recovered'],
  )
  const stale = await eventOf(client.events, 'dns.stale')
  assert.deepEqual(stale.addresses, ['10.99.0.80'])
  assert.ok((stale.questions[0]?.tries ?? 0) > 0)
  assert.ok(dns.queries.length < 25, `${dns.queries.length} queries in 6 s`)
})

it('the first of two servers dead: one lookup is slow, the others are not', async () => {
  await using dead = await TinyDns.start({ fate: () => 'drop' })
  await using alive = await TinyDns.start({ zone: dual })
  await using client = startLookup({ options: { servers: [dead.address, alive.address] } })
  const first = await timed(client.find('a.w.lab'))
  assert.ok(first.ms > 190 && first.ms < 400, `${first.ms} ms`)
  const others = await coldLookups(20, client.find)
  assert.ok(quantile(others, 0.9) < 5 && Math.max(...others) < 50, `max ${Math.max(...others)} ms`)
  assert.equal(dead.queries.length, 1)
})

it('a short Kubernetes name is found through the search list, and then cached', async () => {
  const search = 'logging.svc.cluster.local svc.cluster.local cluster.local'
  await using dns = await TinyDns.start({
    zone: { 'elasticsearch.logging.svc.cluster.local': ['A 30 10.99.0.80'] },
  })
  await using client = startLookup({
    port: dns.port,
    resolvConf: `nameserver 127.0.0.1\nsearch ${search}\noptions ndots:5\n`,
  })
  assert.deepEqual(await client.find('elasticsearch.logging'), ['10.99.0.80'])
  assert.deepEqual(dns.asked, [
    'elasticsearch.logging.logging.svc.cluster.local A',
    'elasticsearch.logging.svc.cluster.local A',
  ])
  assert.deepEqual(await client.find('elasticsearch.logging'), ['10.99.0.80'])
  assert.equal(dns.queries.length, 2)
})

it('500 lookups of one name at once are one query', async () => {
  await using dns = await TinyDns.start({ zone: dual })
  await using client = startLookup({ options: { servers: [dns.address] } })
  await Promise.all(Array.from({ length: 500 }, () => client.find('a.w.lab')))
  assert.deepEqual(dns.asked, ['a.w.lab A'])
})

it('other addresses are seen in the background, and told', async () => {
  await using dns = await TinyDns.start({ zone: { 'es.lab': ['A 1 10.99.0.80'] } })
  await using client = startLookup({ options: { servers: [dns.address] } })
  await client.find('es.lab')
  dns.zone = { 'es.lab': ['A 1 10.99.0.81'] }
  await until(() => {
    void client.find('es.lab')
    return client.lookup.addresses('es.lab')?.[0] === '10.99.0.81'
  })
  const changed = await eventOf(client.events, 'dns.changed')
  assert.deepEqual([changed.previous, changed.addresses], [['10.99.0.80'], ['10.99.0.81']])
})
