import assert from 'node:assert/strict'
import { it } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { TinyDns } from '../../helpers/tiny-dns.ts'
import { startLookup, timed, until } from './dns-fixture.ts'

it('addresses, localhost and the hosts file need no server', async () => {
  await using dns = await TinyDns.start()
  await using client = startLookup({
    options: { servers: [dns.address] },
    hosts: '10.0.0.7 db.internal DB # main\n::7 db\n',
  })
  assert.deepEqual(await client.find('10.1.2.3'), ['10.1.2.3'])
  assert.deepEqual(await client.find('::1', { family: 4 }), ['::1'])
  assert.deepEqual(await client.find('fe80::1%lo'), ['fe80::1%lo'])
  assert.deepEqual(await client.find('LocalHost.'), ['127.0.0.1', '::1'])
  assert.deepEqual(await client.find('a.localhost', { family: 4 }), ['127.0.0.1'])
  assert.deepEqual(await client.find('db'), ['10.0.0.7', '::7'])
  assert.deepEqual(await client.find('DB.internal.'), ['10.0.0.7'])
  assert.deepEqual(dns.asked, [])
})

for (const name of ['', '.', 'a..b', 'a b', 'x'.repeat(64), `${'a.'.repeat(130)}b`, 'a\u0000b']) {
  it(`${JSON.stringify(name.slice(0, 20))} is no name, and nobody is asked`, async () => {
    await using dns = await TinyDns.start()
    await using client = startLookup({ options: { servers: [dns.address] } })
    await assert.rejects(client.find(name), { code: 'ENOTFOUND', hostname: name })
    assert.deepEqual(dns.asked, [])
  })
}

it('names of which plain objects know something, capitals and umlauts are names like others', async () => {
  const zone = { constructor: ['A 9 10.0.0.1'], 'xn--mnchen-3ya.lab': ['A 9 10.0.0.2'] }
  await using dns = await TinyDns.start({ zone })
  await using client = startLookup({ options: { servers: [dns.address] } })
  assert.deepEqual(await client.find('constructor'), ['10.0.0.1'])
  assert.deepEqual(await client.find('MÜNCHEN.lab'), ['10.0.0.2'])
  await assert.rejects(client.find('__proto__'), { code: 'ENOTFOUND' })
})

it('a resolv.conf replaced by rename is followed within 2 s, and what failed is asked again', async () => {
  await using dns = await TinyDns.start({ zone: { 'es.new.lab': ['A 30 10.0.0.1'] } })
  await using client = startLookup({ port: dns.port, resolvConf: 'nameserver 127.0.0.2\n' })
  await assert.rejects(client.find('es'))
  client.write('resolv.conf', 'nameserver 127.0.0.1\nsearch new.lab\n')
  let found: readonly string[] | undefined
  const startedMs = performance.now()
  while (found === undefined && performance.now() - startedMs < 4_000) {
    found = (await timed(client.find('es'))).value
    await delay(20)
  }
  assert.deepEqual(found, ['10.0.0.1'])
  assert.ok(performance.now() - startedMs < 2_600)
})

it('a hosts file replaced by rename is followed within 2 s', async () => {
  await using dns = await TinyDns.start()
  await using client = startLookup({ options: { servers: [dns.address] }, hosts: '10.0.0.1 db\n' })
  assert.deepEqual(await client.find('db'), ['10.0.0.1'])
  client.write('hosts', '10.0.0.2 db\n')
  await until(() => client.lookup.addresses('db')?.[0] === '10.0.0.2')
})

it('RES_OPTIONS and LOCALDOMAIN hold over the file', async () => {
  await using dns = await TinyDns.start({ zone: { 'a.b.env.lab': ['A 30 10.0.0.1'] } })
  await using client = startLookup({
    port: dns.port,
    resolvConf: 'nameserver 127.0.0.1\nsearch file.lab\n',
    environment: { RES_OPTIONS: 'ndots:3', LOCALDOMAIN: 'env.lab' },
  })
  assert.deepEqual(await client.find('a.b'), ['10.0.0.1'])
  assert.deepEqual(dns.asked, ['a.b.env.lab A'])
})

it('a name that the servers do not know is asked of the system, once a minute', async () => {
  await using dns = await TinyDns.start()
  await using client = startLookup({
    port: dns.port,
    resolvConf: 'nameserver 127.0.0.1\n',
    getaddrinfo: (name, _options, callback) => {
      if (name === 'printer.local') callback(null, [{ address: '10.0.0.9', family: 4 }])
      else callback(Object.assign(new Error('none'), { code: 'ENOTFOUND' }), [])
    },
  })
  assert.deepEqual(await client.find('printer.local'), ['10.0.0.9'])
  await assert.rejects(client.find('nobody.local'), { code: 'ENOTFOUND' })
  await assert.rejects(client.find('nobody.local', { family: 4 }), { code: 'ENOTFOUND' })
  assert.deepEqual(client.systemAsked, ['printer.local', 'nobody.local'])
})

it('silent servers, or servers of one’s own choice, are no reason to ask the system', async () => {
  await using dns = await TinyDns.start({ fate: () => 'drop' })
  const resolvConf = 'nameserver 127.0.0.1\n'
  await using silent = startLookup({ port: dns.port, resolvConf, options: { triesMs: [50] } })
  await assert.rejects(silent.find('es.lab'), { code: 'ETIMEOUT' })
  dns.fate = () => undefined
  await using chosen = startLookup({ options: { servers: [dns.address] } })
  await assert.rejects(chosen.find('es.lab'), { code: 'ENOTFOUND' })
  assert.deepEqual([silent.systemAsked, chosen.systemAsked], [[], []])
})
