/**
 * Proves what a lost DNS packet, a silent name server and a changed address do to a service: with node:test, a real
 * HTTP server, and a real name server that fails on demand. First as Node's own resolver takes it, then with
 * `createLookup` as the service's `lookup`.
 *
 *     node --import tsx --test examples/test-with-dns-faults.ts
 */
import assert from 'node:assert/strict'
import { Resolver } from 'node:dns/promises'
import { once } from 'node:events'
import type { IncomingMessage, Server } from 'node:http'
import { Agent, createServer, request } from 'node:http'
import type { AddressInfo, LookupFunction } from 'node:net'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { createLookup } from 'pino-loudsink/dns'
import type { FaultyDns } from 'pino-loudsink/testing'
import { createFaultyDns } from 'pino-loudsink/testing'

let nameServer: FaultyDns
let target: Server

beforeEach(async () => {
  nameServer = await createFaultyDns({
    zones: {
      'es.test': { A: ['127.0.0.1'], AAAA: ['::1'], ttl: 1 },
      'short.test': { CNAME: 'es.test' },
    },
  })
  target = createServer((_, response) => response.end('green'))
  target.listen(0, '127.0.0.1')
  await once(target, 'listening')
})

afterEach(async () => {
  target.closeAllConnections()
  target.close()
  await nameServer.close()
})

/** What is put to the test: something that looks a name up on its way. Gives the answer and how long it took. */
async function ask(lookup: LookupFunction, name: string): Promise<{ text: string; ms: number }> {
  const startedAt = performance.now()
  const agent = new Agent({ lookup })
  const { port } = target.address() as AddressInfo
  const sent = request({ host: name, port, agent }).end()
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  let text = ''
  for await (const chunk of response) text += String(chunk)
  agent.destroy()
  return { text, ms: performance.now() - startedAt }
}

describe("Node's own resolver", () => {
  it('asks for both families from one port, loses one of the packets and waits', async () => {
    const race = nameServer.faults.add({ kind: 'race', whileUnanswered: true })
    const resolver = new Resolver({ timeout: 500, tries: 2 })
    resolver.setServers([nameServer.nameserver])

    const startedAt = performance.now()
    await Promise.all([resolver.resolve4('es.test'), resolver.resolve6('es.test')])
    assert.ok(performance.now() - startedAt > 400, 'it waited for its timeout')
    assert.equal(race.applied, 1)
    const [a, aaaa] = nameServer.queries
    assert.equal(a?.sourcePort, aaaa?.sourcePort)
    assert.equal(aaaa?.fault, 'race')
  })

  it('takes a failure of one family for a failure of that family alone', async () => {
    nameServer.faults.add({ kind: 'servfail', when: { type: 'AAAA' } })
    const resolver = new Resolver()
    resolver.setServers([nameServer.nameserver])
    assert.deepEqual(await resolver.resolve4('short.test'), ['127.0.0.1'])
    await assert.rejects(resolver.resolve6('short.test'), { code: 'ESERVFAIL' })
  })
})

describe('createLookup', () => {
  let lookup: ReturnType<typeof createLookup>
  beforeEach(() => {
    lookup = createLookup({ servers: [nameServer.nameserver] })
  })
  afterEach(() => lookup.close())

  it('does not wait for a packet that got lost', async () => {
    nameServer.faults.add({ kind: 'race', whileUnanswered: true })
    const { text, ms } = await ask(lookup, 'es.test')
    assert.equal(text, 'green')
    assert.ok(ms < 400, `${ms} ms`)
  })

  it('serves the address that it knows while the name server is silent', async () => {
    await ask(lookup, 'es.test')
    nameServer.faults.add({ kind: 'silence' })
    // Longer than the TTL of one second.
    const end = performance.now() + 1_500
    while (performance.now() < end) {
      const { text, ms } = await ask(lookup, 'es.test')
      assert.equal(text, 'green')
      assert.ok(ms < 400, `${ms} ms`)
    }
  })

  it('follows an address that changes', async () => {
    nameServer.zones.set('moved.test', {
      A: ['127.0.0.9'],
      ttl: 1,
      later: [{ afterMs: 500, A: ['127.0.0.1'], ttl: 1 }],
    })
    const look = (): Promise<unknown> =>
      new Promise((resolve) => {
        lookup('moved.test', {}, (_, address) => resolve(address))
      })
    assert.equal(await look(), '127.0.0.9')
    const end = performance.now() + 5_000
    while ((await look()) !== '127.0.0.1' && performance.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    assert.equal(await look(), '127.0.0.1')
  })
})
