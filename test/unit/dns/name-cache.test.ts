import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { DnsEvent } from '../../../src/dns/dns-event.ts'
import { EventOutlet } from '../../../src/dns/event-outlet.ts'
import { NameCache } from '../../../src/dns/name-cache.ts'
import type { Resolution } from '../../../src/dns/resolution.ts'
import { ManualClock, settled } from '../../helpers/manual-clock.ts'

const found = (address: string, ttlMs = 10_000): Resolution => ({
  kind: 'found',
  addresses: [{ address, family: 4 }],
  ttlMs,
})
const silent: Resolution = {
  kind: 'failed',
  code: 'ETIMEOUT',
  message: 'silent',
  syscall: 'queryA',
}
const none: Resolution = {
  kind: 'missing',
  ttlMs: undefined,
  code: 'ENOTFOUND',
  message: 'none',
  syscall: 'queryA',
}

/** A cache over a resolver that takes `delayMs` and says `says`. */
function start() {
  const clock = new ManualClock()
  const events: DnsEvent[] = []
  const outlet = new EventOutlet()
  outlet.add((event) => events.push(event))
  const server = { says: found('10.0.0.1'), delayMs: 1, asked: 0, held: 0 }
  const cache = new NameCache({
    clock,
    random: () => 0,
    limits: { minTtlMs: 1_000, maxTtlMs: 60_000, staleMs: 86_400_000 },
    events: outlet,
    hold: () => {
      server.held++
      return () => server.held--
    },
    resolve: () => {
      server.asked++
      const { delayMs } = server
      return new Promise((resolve) => {
        clock.setTimeout(() => resolve(server.says), delayMs)
      })
    },
  })
  /** What a lookup gives without waiting; undefined if it waits. */
  const now = async (): Promise<string | undefined> => {
    let given: string | undefined
    const wait = cache.lookup('es', 'any').then((outcome) => {
      given = outcome.kind === 'found' ? outcome.addresses[0]?.address : outcome.failure.code
    })
    await settled()
    void wait
    return given
  }
  const codes = () => events.map(({ code }) => code)
  return { clock, cache, server, events, codes, now }
}

it('a name in use is asked for again at 80 % of its time, one that is not used is not', async () => {
  const { clock, server, now } = start()
  assert.equal(await now(), undefined)
  await clock.advance(1)
  await now()
  await clock.advance(8_000)
  assert.equal(server.asked, 2)
  await clock.advance(60_000)
  assert.equal(server.asked, 2, 'not used since')
  assert.equal(clock.openTimers, 0)
})

it('a lookup late in the time of an unused name refreshes it behind', async () => {
  const { clock, server, now } = start()
  await now()
  await clock.advance(9_000)
  assert.equal(await now(), '10.0.0.1')
  assert.equal(server.asked, 2)
})

it('only a lookup that waits holds the process', async () => {
  const { clock, cache, server, now } = start()
  cache.prefetch('es', 'any')
  assert.equal(server.held, 0)
  await now()
  assert.equal(server.held, 1)
  await clock.advance(1)
  assert.equal(server.held, 0)
  assert.equal(server.asked, 1, 'one resolution for both')
})

it('an outage is told as slow, stale and recovered, and no lookup waits', async () => {
  const { clock, server, events, codes, now } = start()
  server.says = found('10.0.0.1', 20_000)
  await now()
  await clock.advance(1)
  Object.assign(server, { says: silent, delayMs: 2_900 })
  for (let i = 0; i < 300; i++) {
    assert.equal(await now(), '10.0.0.1')
    await clock.advance(100)
  }
  assert.deepEqual(codes(), ['dns.slow', 'dns.stale'])
  assert.deepEqual(events[1]?.error?.code, 'ETIMEOUT')
  Object.assign(server, { says: found('10.0.0.1'), delayMs: 1 })
  await clock.advance(20_000)
  assert.deepEqual(codes(), ['dns.slow', 'dns.stale', 'dns.recovered'])
  assert.ok((events[2]?.durationMs ?? 0) > 10_000)
})

it('an expired address with a healthy server is no event', async () => {
  const { clock, codes, now } = start()
  await now()
  await clock.advance(12_000)
  assert.equal(await now(), '10.0.0.1')
  await clock.advance(100)
  assert.deepEqual(codes(), [])
})

it('an address that is long out of date waits for a new one, for 200 ms', async () => {
  const { clock, server, now } = start()
  await now()
  await clock.advance(60_000)
  server.says = found('10.0.0.2')
  assert.equal(await now(), undefined)
  await clock.advance(1)
  assert.equal(await now(), '10.0.0.2')
  await clock.advance(60_000)
  Object.assign(server, { says: silent, delayMs: 2_900 })
  let given: unknown
  void now().then(async () => (given = await now()))
  await clock.advance(199)
  assert.equal(given, undefined)
  await clock.advance(60)
  assert.equal(await now(), '10.0.0.2')
})

it('a name that vanishes keeps its address for 5 min, with an event, and then fails', async () => {
  const { clock, server, codes, now } = start()
  await now()
  await clock.advance(1)
  server.says = none
  for (let i = 0; i < 250; i++) {
    assert.equal(await now(), '10.0.0.1')
    await clock.advance(1_000)
  }
  assert.deepEqual(codes(), ['dns.stale'])
  for (let i = 0; i < 100; i++) {
    await now()
    await clock.advance(1_000)
  }
  await now()
  await clock.advance(1)
  assert.equal(await now(), 'ENOTFOUND')
  assert.deepEqual(codes(), ['dns.stale', 'dns.failed'])
})

it('other addresses are told with those before', async () => {
  const { clock, server, events, now } = start()
  await now()
  await clock.advance(1)
  await now()
  server.says = found('10.0.0.2')
  await clock.advance(8_001)
  assert.deepEqual(
    events.map(({ code, previous, addresses }) => ({ code, previous, addresses })),
    [{ code: 'dns.changed', previous: ['10.0.0.1'], addresses: ['10.0.0.2'] }],
  )
})

it('with other servers a failed name is asked at once', async () => {
  const { clock, cache, server, now } = start()
  server.says = silent
  await now()
  await clock.advance(1)
  assert.equal(await now(), 'ETIMEOUT')
  server.says = found('10.0.0.1')
  cache.forgetFailures()
  await now()
  await clock.advance(1)
  assert.equal(await now(), '10.0.0.1')
})

it('a resolver that breaks is a failure like others', async () => {
  const clock = new ManualClock()
  const cache = new NameCache({
    clock,
    random: () => 0,
    limits: { minTtlMs: 0, maxTtlMs: 0, staleMs: 0 },
    events: new EventOutlet(),
    hold: () => () => undefined,
    resolve: () => Promise.reject(new Error('bug')),
  })
  const outcome = await cache.lookup('es', 'any')
  assert.equal(outcome.kind === 'failed' && outcome.failure.code, 'EAI_AGAIN')
})

it('no more than 4096 names are kept', async () => {
  const { clock, cache } = start()
  for (let i = 0; i < 5_000; i++) cache.prefetch(`n${i}`, 'any')
  await clock.advance(1)
  assert.equal(cache.counts.names, 4096)
})
