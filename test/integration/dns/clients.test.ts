import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { ADDRCONFIG, V4MAPPED } from 'node:dns'
import { once } from 'node:events'
import { get, Agent as HttpAgent, IncomingMessage } from 'node:http'
import type { LookupFunction } from 'node:net'
import { connect } from 'node:net'
import { it } from 'node:test'
import { promisify } from 'node:util'
import { Agent, request } from 'undici'
import { createLookup, DnsLookupError } from '../../../src/dns/index.ts'
import { startNode } from '../../helpers/node-server.ts'
import { TinyDns } from '../../helpers/tiny-dns.ts'
import { startLookup } from './dns-fixture.ts'

const zone = {
  'es.lab': ['A 30 127.0.0.1', 'AAAA 30 ::1'],
  'two.lab': ['A 30 127.0.0.1', 'A 30 127.0.0.2', 'AAAA 30 ::1'],
}

it('undici and http.Agent get through by it', async () => {
  await using dns = await TinyDns.start({ zone })
  await using node = await startNode((response) => response.end('ok'))
  const lookup = createLookup({ servers: [dns.address] })
  const url = `http://es.lab:${node.port}/`
  const dispatcher = new Agent({ connect: { lookup } })
  const { body } = await request(url, { dispatcher })
  assert.equal(await body.text(), 'ok')
  await dispatcher.close()
  const agent = new HttpAgent({ lookup })
  const [plain] = (await once(get(url, { agent }), 'response')) as unknown[]
  assert.ok(plain instanceof IncomingMessage)
  plain.resume()
  assert.equal(plain.statusCode, 200)
  agent.destroy()
  assert.deepEqual(dns.asked, ['es.lab A'])
  lookup.close()
})

it('net.connect gets the reason as its error', async () => {
  await using dns = await TinyDns.start()
  const lookup = createLookup({ servers: [dns.address] })
  const socket = connect({ host: 'none.lab', port: 9, lookup })
  const [error] = (await once(socket, 'error')) as unknown[]
  assert.ok(error instanceof DnsLookupError)
  assert.deepEqual([error.code, error.hostname, error.syscall], ['ENOTFOUND', 'none.lab', 'queryA'])
  lookup.close()
})

type Answer = readonly [address: unknown, family: unknown]

const ask = (lookup: LookupFunction, options: unknown): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const reply = (error: Error | null, address: unknown, family: unknown): void => {
      if (error === null) resolve([address, family])
      else reject(error)
    }
    Reflect.apply(
      lookup,
      undefined,
      options === undefined ? ['two.lab', reply] : ['two.lab', options, reply],
    )
  })

it('it takes what dns.lookup takes', async () => {
  await using dns = await TinyDns.start({ zone })
  await using client = startLookup({ options: { servers: [dns.address], ipv6: 'always' } })
  const { lookup } = client
  const [address] = await ask(lookup, undefined)
  assert.equal(address, '127.0.0.1')
  assert.deepEqual(await ask(lookup, 6), ['::1', 6])
  assert.deepEqual(await ask(lookup, { family: 'IPv6' }), ['::1', 6])
  assert.equal((await ask(lookup, { family: 'IPv4' }))[1], 4)
  assert.deepEqual(await ask(lookup, { order: 'ipv6first' }), ['::1', 6])
  const [all] = await ask(lookup, { all: true, hints: ADDRCONFIG })
  assert.equal((all as unknown[]).length, 3)
  const mapped = await ask(lookup, { family: 6, hints: V4MAPPED, all: true })
  assert.deepEqual(mapped[0], [{ address: '::1', family: 6 }])
})

it('without options it is the machine’s own', async () => {
  const lookup = createLookup()
  const [address] = await new Promise<Answer>((resolve, reject) => {
    lookup('localhost', { family: 4 }, (error, given, family) => {
      if (error === null) resolve([given, family])
      else reject(error)
    })
  })
  assert.equal(address, '127.0.0.1')
  assert.equal(lookup.stats().queries, 0)
  lookup.close()
})

it('single answers take turns', async () => {
  await using dns = await TinyDns.start({ zone })
  await using client = startLookup({ options: { servers: [dns.address] } })
  const seen = new Set<unknown>()
  for (let i = 0; i < 4; i++) seen.add((await ask(client.lookup, {}))[0])
  assert.deepEqual(seen, new Set(['127.0.0.1', '127.0.0.2']))
})

it('misuse is thrown', () => {
  assert.throws(() => createLookup({ servers: ['dns.lab'] }), TypeError)
  const lookup = createLookup({ servers: ['127.0.0.1'] })
  assert.throws(() => Reflect.apply(lookup, undefined, ['es.lab', {}]), TypeError)
  assert.throws(() => Reflect.apply(lookup, undefined, [7, {}, () => undefined]), TypeError)
  lookup.close()
})

it('after close every lookup fails, also one that waits', async () => {
  await using dns = await TinyDns.start({ fate: () => 'drop' })
  await using client = startLookup({ options: { servers: [dns.address] } })
  const waiting = client.find('es.lab')
  client.lookup.close()
  client.lookup.close()
  await assert.rejects(waiting, { code: 'ECANCELLED' })
  await assert.rejects(client.find('es.lab'), { code: 'ECANCELLED' })
})

const run = async (script: string, ...args: string[]): Promise<string> => {
  const argv = ['--import', 'tsx', '--input-type=module', '-e', script, ...args]
  const { stdout } = await promisify(execFile)(process.execPath, argv, { timeout: 20_000 })
  return stdout
}
const start = `import { createLookup } from './src/dns/index.ts'
const lookup = createLookup({ servers: [process.argv[1]] })
`

it('a lookup that waits keeps the process alive; a prefetch, an answer and its refresh do not', async () => {
  await using slow = await TinyDns.start({ zone, fate: () => 250 })
  const waits = `${start}lookup('es.lab', {}, (error, address) => console.log(address))`
  assert.equal(await run(waits, slow.address), '127.0.0.1\n')
  await using silent = await TinyDns.start({ fate: () => 'drop' })
  const leaves = `${start}lookup.prefetch('es.lab')
setImmediate(() => setImmediate(() => console.log(performance.now())))
process.on('exit', () => console.log(performance.now()))`
  const [beforeMs = 0, atExitMs = 0] = (await run(leaves, silent.address)).split('\n').map(Number)
  assert.ok(atExitMs - beforeMs < 150, `${atExitMs - beforeMs} ms`)
})

it('cluster workers each resolve by themselves', async () => {
  await using dns = await TinyDns.start({ zone })
  const script = `import cluster from 'node:cluster'
if (cluster.isPrimary) {
  cluster.setupPrimary({ args: [process.argv[1]] })
  for (let i = 0; i < 2; i++) cluster.fork()
} else {
  const { createLookup } = await import('./src/dns/index.ts')
  const lookup = createLookup({ servers: [process.argv.at(-1)] })
  lookup('es.lab', {}, (error, address) => {
    console.log(error?.code ?? address)
    process.disconnect()
  })
}`
  assert.equal(await run(script, dns.address), '127.0.0.1\n127.0.0.1\n')
  assert.equal(dns.queries.length, 2)
})
