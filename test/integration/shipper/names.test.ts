import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { describe, it } from 'node:test'
import type { SelfLogEvent } from '../../../src/index.ts'
import { createShipper } from '../../../src/index.ts'
import { createFaultyDns } from '../../../src/testing/dns/index.ts'
import { createFaultyElasticsearch } from '../../../src/testing/index.ts'
import { line, lines } from './shipper-fixture.ts'

/** A name server, an Elasticsearch behind the name `es.test`, and a shipper that knows only the name. */
async function openNamed() {
  const dns = await createFaultyDns({ zones: { 'es.test': { A: ['127.0.0.1'], ttl: 1 } } })
  const server = await createFaultyElasticsearch()
  const events: SelfLogEvent[] = []
  const open = () => {
    const shipper = createShipper({
      node: server.url.replace('127.0.0.1', 'es.test'),
      dns: { servers: [dns.nameserver] },
      retry: { minDelayMs: 20, maxDelayMs: 200 },
      selfLog: { stderr: false, repeatMs: 100 },
    })
    shipper.stream.on('selfLog', (event: SelfLogEvent) => events.push(event))
    return shipper
  }
  const close = async (shipper: ReturnType<typeof open>) => {
    await shipper.close({ timeoutMs: 1_000 })
    await server.close()
    await dns.close()
  }
  return { dns, server, events, open, close }
}

describe('the name of a node', () => {
  it('is resolved by our own resolver, before the first line', async () => {
    const { dns, server, open, close } = await openNamed()
    const shipper = open()
    await dns.waitFor(({ queries }) => queries.length > 0, { what: 'a question' })
    assert.equal(server.requests.length, 0)
    shipper.stream.write(lines(10))
    assert.equal((await shipper.flush()).ok, true)
    assert.deepEqual(server.oracle({ expected: 10 }).lost, [])
    assert.deepEqual([...new Set(dns.queries.map(({ name }) => name))], ['es.test'])
    await close(shipper)
  })

  it('that gets no answer is said so, with what each question got, and no line is lost', async () => {
    const { dns, server, events, open, close } = await openNamed()
    const silence = dns.faults.add({ kind: 'silence' })
    const shipper = open()
    shipper.stream.write(lines(10))
    await dns.waitFor(() => events.some(({ code }) => code === 'bulk.failed'), {
      what: 'bulk.failed',
    })
    const failed = events.find(({ code }) => code === 'bulk.failed')
    assert.deepEqual([failed?.failure?.phase, failed?.failure?.code], ['dns', 'ETIMEOUT'])
    assert.equal(failed?.name, 'es.test')
    assert.equal(failed?.questions?.[0]?.type, 'A')
    assert.match(
      failed?.message ?? '',
      /no answer from the name server for 2\.9 s while resolving es\.test.*10 lines held in memory, nothing lost.*A no answer/,
    )
    silence.off()
    assert.equal((await shipper.flush({ timeoutMs: 15_000 })).ok, true)
    await dns.waitFor(() => events.some(({ code }) => code === 'dns.recovered'), {
      what: 'dns.recovered',
    })
    assert.deepEqual(server.oracle({ expected: 10 }).lost, [])
    const codes = events.map(({ code }) => code)
    assert.ok(codes.includes('dns.failed'))
    assert.ok(codes.includes('bulk.recovered'))
    await close(shipper)
  })

  it('is in every failure of a request, with what its questions got', async () => {
    const { dns, server, events, open, close } = await openNamed()
    await server.down()
    const shipper = open()
    shipper.stream.write(lines(3))
    await dns.waitFor(() => events.some(({ code }) => code === 'bulk.failed'), {
      what: 'bulk.failed',
    })
    const failed = events.find(({ code }) => code === 'bulk.failed')
    assert.equal(failed?.failure?.code, 'ECONNREFUSED')
    assert.equal(failed?.name, 'es.test')
    const [first] = failed?.questions ?? []
    assert.deepEqual([first?.type, first?.outcome, first?.tries], ['A', 'answered', 1])
    await server.up()
    assert.equal((await shipper.flush()).ok, true)
    await close(shipper)
  })

  it('that moves takes the connections along, and no request is lost', async () => {
    const { dns, server, events, open, close } = await openNamed()
    const elsewhere = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const documents = (Buffer.concat(chunks).toString().split('\n').length - 1) / 2
        const items = Array.from({ length: documents }, () => ({ create: { status: 201 } }))
        moved += documents
        response.setHeader('content-type', 'application/json')
        response.end(JSON.stringify({ errors: false, items }))
      })
    })
    let moved = 0
    await new Promise<void>((resolve) => elsewhere.listen(server.port, '127.0.0.2', resolve))
    const shipper = open()
    shipper.stream.write(line(0))
    assert.equal((await shipper.flush()).ok, true)
    dns.zones.set('es.test', { A: ['127.0.0.2'], ttl: 1 })
    await dns.waitFor(() => events.some(({ code }) => code === 'dns.changed'), {
      what: 'dns.changed',
      timeoutMs: 5_000,
    })
    shipper.stream.write(line(1))
    assert.equal((await shipper.flush()).ok, true)
    assert.equal(server.count(), 1)
    assert.equal(moved, 1)
    assert.equal(events.filter(({ code }) => code === 'bulk.failed').length, 0)
    await close(shipper)
    elsewhere.closeAllConnections()
    await new Promise((resolve) => elsewhere.close(resolve))
  })

  it('that leaves a dead address is followed within two seconds, by what was on its way too', async () => {
    const { dns, server, events, open, close } = await openNamed()
    dns.zones.set('es.test', { A: ['127.0.0.2'], ttl: 1 })
    // Nobody answers there, and nobody refuses.
    const dead = createServer(() => undefined)
    await new Promise<void>((resolve) => dead.listen(server.port, '127.0.0.2', resolve))
    const shipper = open()
    shipper.stream.write(line(0))
    const connected = () =>
      new Promise<number>((resolve) => {
        dead.getConnections((_error, count) => resolve(count))
      })
    for (let i = 0; i < 1_000 && (await connected()) === 0; i++) {
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    dns.zones.set('es.test', { A: ['127.0.0.1'], ttl: 1 })
    await dns.waitFor(() => events.some(({ code }) => code === 'dns.changed'), {
      what: 'dns.changed',
      timeoutMs: 5_000,
    })
    await server.waitForDocuments(1, { timeoutMs: 2_000 })
    assert.equal((await shipper.flush()).ok, true)
    assert.equal(events.find(({ code }) => code === 'bulk.failed')?.failure?.code, 'address_gone')
    await close(shipper)
    dead.closeAllConnections()
    await new Promise((resolve) => dead.close(resolve))
  })
})
