import assert from 'node:assert/strict'
import { it } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import type { DnsEvent, Lookup, ResolverLookupParts } from '../../../src/dns/index.ts'
import { createSystemLookup } from '../../../src/dns/index.ts'
import { realParts } from '../../../src/dns/real-parts.ts'
import { TinyDns } from '../../helpers/tiny-dns.ts'
import { eventOf, findAll, timed } from './dns-fixture.ts'

type Getaddrinfo = ResolverLookupParts['getaddrinfo']

/** A getaddrinfo that takes so long, and notes how many calls were in flight at most. */
class SlowSystem {
  calls = 0
  most = 0
  #inFlight = 0
  delayMs: number

  constructor(delayMs: number) {
    this.delayMs = delayMs
  }

  readonly getaddrinfo: Getaddrinfo = (hostname, _options, callback) => {
    this.calls++
    this.most = Math.max(this.most, ++this.#inFlight)
    setTimeout(() => {
      this.#inFlight--
      if (hostname.startsWith('none')) {
        callback(
          Object.assign(new Error(`getaddrinfo ENOTFOUND ${hostname}`), { code: 'ENOTFOUND' }),
          [],
        )
      } else callback(null, [{ address: '10.0.0.1', family: 4 }])
    }, this.delayMs)
  }
}

function start(system: SlowSystem, dns: TinyDns): { lookup: Lookup; events: DnsEvent[] } {
  const lookup = createSystemLookup(
    { minTtlMs: 100, maxTtlMs: 100 },
    {
      ...realParts,
      getaddrinfo: system.getaddrinfo,
      files: { signature: () => '1', read: () => 'nameserver 127.0.0.1\n' },
      environment: {},
      port: dns.port,
    },
  )
  const events: DnsEvent[] = []
  lookup.onEvent((event) => events.push(event))
  return { lookup, events }
}

const zone = { 'es.lab': ['A 30 10.0.0.1'] }

it('the system is asked once for many lookups, for one name at a time', async () => {
  await using dns = await TinyDns.start({ zone })
  const system = new SlowSystem(20)
  const { lookup } = start(system, dns)
  await Promise.all(['a', 'b', 'a', 'c', 'a'].map((name) => findAll(lookup, name)))
  assert.deepEqual([system.calls, system.most], [3, 1])
  lookup.close()
})

it('the article’s case: after 3 s the lookup fails, and the event quotes what A and AAAA got one by one', async () => {
  await using dns = await TinyDns.start({ zone })
  const system = new SlowSystem(3_200)
  const { lookup, events } = start(system, dns)
  const { ms, error } = await timed(findAll(lookup, 'es.lab'))
  assert.ok(ms > 2_500 && ms < 3_000, `${ms} ms`)
  assert.equal((error as { code?: string }).code, 'ETIMEOUT')
  const event = await eventOf(events, 'dns.failed')
  assert.deepEqual(
    event.questions.map(({ type, outcome }) => `${type} ${outcome}`),
    ['A answered', 'AAAA nodata'],
  )
  assert.equal(event.lostPacketSignature, true)
  // What getaddrinfo says after all is kept.
  await eventOf(events, 'dns.recovered')
  assert.deepEqual(lookup.addresses('es.lab'), ['10.0.0.1'])
  assert.equal(system.calls, 1)
  lookup.close()
})

it('a slow lookup is checked at most once a minute', async () => {
  await using dns = await TinyDns.start({ zone })
  const system = new SlowSystem(300)
  const { lookup, events } = start(system, dns)
  await findAll(lookup, 'es.lab')
  const slow = await eventOf(events, 'dns.slow')
  assert.equal(slow.questions.length, 2)
  assert.equal(slow.lostPacketSignature, false)
  await assert.rejects(findAll(lookup, 'none.lab'), { code: 'ENOTFOUND', syscall: 'getaddrinfo' })
  const failed = await eventOf(events, 'dns.failed')
  assert.deepEqual(failed.questions, [])
  assert.equal(dns.queries.length, 2)
  lookup.close()
})

it('addresses of the system go stale rather than missing', async () => {
  await using dns = await TinyDns.start({ zone })
  const system = new SlowSystem(1)
  const { lookup, events } = start(system, dns)
  await findAll(lookup, 'es.lab')
  system.delayMs = 1_000
  await delay(110)
  for (let i = 0; i < 40; i++) {
    const { ms, value } = await timed(findAll(lookup, 'es.lab'))
    assert.ok(ms < 20 && value !== undefined, `${ms} ms`)
    await delay(10)
  }
  await eventOf(events, 'dns.stale')
  lookup.close()
})

it('localhost does not wait for a system that hangs', async () => {
  await using dns = await TinyDns.start({ zone })
  const { lookup } = start(new SlowSystem(400), dns)
  const slow = findAll(lookup, 'es.lab')
  const { ms } = await timed(findAll(lookup, 'localhost'))
  assert.ok(ms < 20, `${ms} ms`)
  await slow
  lookup.close()
})
