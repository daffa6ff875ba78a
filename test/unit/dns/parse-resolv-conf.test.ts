import assert from 'node:assert/strict'
import { it } from 'node:test'
import { parseResolvConf } from '../../../src/dns/parse-resolv-conf.ts'

it('an empty file says what libc assumes', () => {
  assert.deepEqual(parseResolvConf('', {}), {
    servers: [],
    search: undefined,
    ndots: 1,
    patienceMs: 10_000,
    rotate: false,
    useTcp: false,
    noAaaa: false,
  })
})

it('a pod’s file is read', () => {
  const conf = parseResolvConf(
    'search logging.svc.cluster.local svc.cluster.local cluster.local\r\nnameserver 10.96.0.10\noptions ndots:5 single-request-reopen\n',
    {},
  )
  assert.deepEqual(conf.servers, ['10.96.0.10'])
  assert.deepEqual(conf.search, ['logging.svc.cluster.local', 'svc.cluster.local', 'cluster.local'])
  assert.equal(conf.ndots, 5)
})

it('servers may be IPv6 with a zone, three count, and what is no address does not', () => {
  const text =
    'nameserver fe80::1%eth0\nnameserver dns.lab\nnameserver\n\tnameserver ::1 # x\nnameserver 10.0.0.1\nnameserver 10.0.0.2'
  assert.deepEqual(parseResolvConf(text, {}).servers, ['fe80::1%eth0', '::1', '10.0.0.1'])
})

it('of search and domain the last one holds', () => {
  assert.deepEqual(parseResolvConf('search a.lab b.lab.\ndomain C.lab d.lab', {}).search, ['c.lab'])
  assert.deepEqual(parseResolvConf('domain c.lab\nsearch .', {}).search, [])
})

it('options are bounded as in glibc, and those that make no sense are left out', () => {
  const conf = parseResolvConf(
    'options ndots:99 timeout:0 attempts:9 rotate use-vc no-aaaa ndots:x inet6 constructor:1 :',
    {},
  )
  assert.deepEqual(
    [conf.ndots, conf.patienceMs, conf.rotate, conf.useTcp, conf.noAaaa],
    [15, 5_000, true, true, true],
  )
})

it('the environment comes last', () => {
  const environment = { RES_OPTIONS: 'ndots:2 timeout:1', LOCALDOMAIN: 'env.lab' }
  const conf = parseResolvConf('search file.lab\noptions ndots:5 attempts:3', environment)
  assert.deepEqual([conf.search, conf.ndots, conf.patienceMs], [['env.lab'], 2, 3_000])
})

it('comments are no lines', () => {
  assert.deepEqual(parseResolvConf('# nameserver 10.0.0.1\n ; nameserver 10.0.0.2', {}).servers, [])
})
