import assert from 'node:assert/strict'
import { it } from 'node:test'
import { candidatesOf, canonicalName } from '../../../src/dns/host-name.ts'
import { resolveLocally } from '../../../src/dns/local-names.ts'
import { parseHosts } from '../../../src/dns/parse-hosts.ts'
import { parseServer, showServer } from '../../../src/dns/server-address.ts'

const search = ['ns.svc.lab', 'svc.lab']

it('few dots: the search list comes first, the bare name last', () => {
  assert.deepEqual(candidatesOf('es.ns', { ndots: 5, search }), [
    'es.ns.ns.svc.lab',
    'es.ns.svc.lab',
    'es.ns',
  ])
})

it('enough dots: the bare name comes first', () => {
  assert.deepEqual(candidatesOf('a.b', { ndots: 1, search }), [
    'a.b',
    'a.b.ns.svc.lab',
    'a.b.svc.lab',
  ])
  assert.deepEqual(candidatesOf('a', { ndots: 0, search: [] }), ['a'])
})

it('a dot at the end keeps the search list away', () => {
  assert.deepEqual(candidatesOf('es.', { ndots: 5, search }), ['es'])
})

it('what would be too long with a domain is asked for without it', () => {
  const name = `${'a'.repeat(60)}.`.repeat(4).slice(0, -1)
  assert.deepEqual(candidatesOf(name, { ndots: 15, search: ['a-long-domain.lab'] }), [name])
})

it('a name is kept in lower case and ASCII, its last dot stays', () => {
  assert.equal(canonicalName('ES.Lab.'), 'es.lab.')
  assert.equal(canonicalName('bücher.lab'), 'xn--bcher-kva.lab')
  assert.equal(canonicalName('_srv.lab'), '_srv.lab')
})

it('the hosts file gives all addresses of a name, IPv4 first', () => {
  const hosts = parseHosts('::7 db\n10.0.0.7 DB db.lab\n10.0.0.7 db\nnonsense db\n# 10.0.0.8 db\n')
  const addresses = (name: string) => resolveLocally(name, hosts)?.map(({ address }) => address)
  assert.deepEqual(addresses('db'), ['10.0.0.7', '::7'])
  assert.deepEqual(addresses('db.lab.'), ['10.0.0.7'])
  assert.equal(addresses('other'), undefined)
  assert.deepEqual(addresses('localhost'), ['127.0.0.1', '::1'])
  assert.equal(addresses('notlocalhost'), undefined)
})

const servers = {
  '10.0.0.1': '10.0.0.1',
  '10.0.0.1:53': '10.0.0.1',
  '10.0.0.1:5353': '10.0.0.1:5353',
  '::1': '::1',
  '[::1]': '::1',
  '[fe80::1%eth0]:5353': '[fe80::1%eth0]:5353',
}

for (const [text, shown] of Object.entries(servers)) {
  it(`${text} is a server`, () => {
    const server = parseServer(text)
    assert.equal(server && showServer(server), shown)
  })
}

for (const text of [
  '',
  'dns.lab',
  '10.0.0.1:',
  '10.0.0.1:0',
  '10.0.0.1:65536',
  '[10.0.0.1]:53',
  '[::1',
  '::1]:53',
]) {
  it(`${JSON.stringify(text)} is no server`, () => {
    assert.equal(parseServer(text), undefined)
  })
}
