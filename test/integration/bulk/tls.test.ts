import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { it } from 'node:test'
import type { TlsOptions } from 'node:tls'
import type { BulkOptions } from '../../../src/bulk/index.ts'
import { smallBatch } from '../../helpers/batch-of.ts'
import { never, openBulk, plainAsk } from '../../helpers/bulk-fixture.ts'
import { startNode, storeAll } from '../../helpers/node-server.ts'

const pem = (name: string): string =>
  readFileSync(new URL(`../../fixtures/tls/${name}.pem`, import.meta.url), 'utf8')
const ca = pem('authority')
const fingerprint = new X509Certificate(ca).fingerprint256
const serve = (name: string, chain: readonly string[] = []): TlsOptions => ({
  key: pem(`${name}.key`),
  cert: [pem(name), ...chain].join('\n'),
})

/** A node with this certificate; gives what each exchange with it came to. */
async function ask(
  tls: TlsOptions,
  options: Partial<Omit<BulkOptions, 'timeouts'>>,
  times = 1,
): Promise<{ results: string[]; requests: number; connections: number }> {
  await using node = await startNode(storeAll, tls)
  await using client = openBulk(node.url, options)
  const results: string[] = []
  for (let i = 0; i < times; i++) {
    const exchange = await client.bulk.exchange(smallBatch(1), plainAsk, never)
    results.push(
      exchange.kind === 'broken'
        ? `${exchange.code} ${exchange.phase} ${exchange.bodyStarted}`
        : exchange.kind,
    )
  }
  return { results, requests: node.requests.length, connections: node.connections }
}

it('trusts an authority from the options, and times the handshake', async () => {
  await using node = await startNode(storeAll, serve('server'))
  for (const trusted of [
    ca,
    Buffer.from(ca),
    new Uint8Array(Buffer.from(ca)),
    [pem('impostor'), ca],
  ]) {
    await using client = openBulk(node.url, { tls: { ca: trusted } })
    const first = await client.bulk.exchange(smallBatch(1), plainAsk, never)
    assert.equal(first.kind, 'answered', JSON.stringify(first))
    assert.ok(first.phases.tlsMs > 0)
    assert.equal(first.address, `127.0.0.1:${node.port}`)
    const second = await client.bulk.exchange(smallBatch(1), plainAsk, never)
    assert.deepEqual([second.socketReused, second.phases.tlsMs], [true, 0])
  }
})

it('refuses an unknown authority each time, with the code of Node', async () => {
  const { results, requests } = await ask(serve('server'), {}, 2)
  assert.deepEqual(results, Array(2).fill('UNABLE_TO_VERIFY_LEAF_SIGNATURE tls false'))
  assert.equal(requests, 0)
})

it('refuses a certificate for another name each time, and closes all the same', async () => {
  const { results, requests } = await ask(serve('other-name'), { tls: { ca } }, 3)
  assert.deepEqual(results, Array(3).fill('ERR_TLS_CERT_ALTNAME_INVALID tls false'))
  assert.equal(requests, 0)
})

it('checks the name that the options give', async () => {
  const { results } = await ask(serve('other-name'), { tls: { ca, servername: 'other.example' } })
  assert.deepEqual(results, ['answered'])
})

it('asks for the node by its name', async () => {
  const names: string[] = []
  const tls: TlsOptions = {
    ...serve('server'),
    SNICallback: (name, callback) => {
      names.push(name)
      callback(null)
    },
  }
  await using node = await startNode(storeAll, tls)
  await using client = openBulk(`https://localhost:${node.port}`, { tls: { ca } })
  const { kind } = await client.bulk.exchange(smallBatch(1), plainAsk, never)
  assert.deepEqual([kind, names], ['answered', ['localhost']])
})

it('shows its own certificate to a node that wants one', async () => {
  const wants: TlsOptions = { ...serve('server'), ca, requestCert: true, rejectUnauthorized: true }
  const own = { ca, cert: pem('client'), key: pem('client.key') }
  assert.deepEqual((await ask(wants, { tls: own })).results, ['answered'])
  const { results, requests } = await ask(wants, { tls: { ca } })
  assert.match(results[0] ?? '', /^(ERR_SSL_\w+ tls|ECONNRESET wait|connection_closed wait)/)
  assert.equal(requests, 0)
})

it('keeps to the oldest TLS version that it may use', async () => {
  const old: TlsOptions = { ...serve('server'), maxVersion: 'TLSv1.2' }
  assert.deepEqual((await ask(old, { tls: { ca } })).results, ['answered'])
  const { results } = await ask(old, { tls: { ca, minVersion: 'TLSv1.3' } })
  assert.match(results[0] ?? '', /^ERR_SSL_\w+ tls false$/)
})

it('takes a certificate that is none as a TLS failure, not as a crash', async () => {
  const { results } = await ask(serve('server'), { tls: { cert: 'no certificate', key: 'no key' } })
  assert.match(results[0] ?? '', /^ERR_\w+ tls false$/)
})

it('says so when the port speaks no TLS', async () => {
  await using node = await startNode(storeAll)
  await using client = openBulk(`https://127.0.0.1:${node.port}`)
  const exchange = await client.bulk.exchange(smallBatch(1), plainAsk, never)
  assert.ok(exchange.kind === 'broken')
  assert.equal(exchange.phase, 'tls')
  assert.match(exchange.code, /^EPROTO$|^ERR_SSL_/)
})

for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
  const server: TlsOptions = { ...serve('server', [ca]), maxVersion }
  const unverified = { rejectUnauthorized: false }

  it(`takes the authority with the fingerprint, in either spelling (${maxVersion})`, async () => {
    for (const caFingerprint of [fingerprint, fingerprint.replaceAll(':', '').toLowerCase()]) {
      const { results, connections } = await ask(server, { tls: unverified, caFingerprint }, 2)
      assert.deepEqual([results, connections], [['answered', 'answered'], 1])
    }
  })

  it(`refuses any other authority on each connection (${maxVersion})`, async () => {
    const caFingerprint = new X509Certificate(pem('impostor')).fingerprint256
    const { results, requests } = await ask(server, { tls: unverified, caFingerprint }, 4)
    assert.deepEqual(results, Array(4).fill('ca_fingerprint_mismatch tls false'))
    assert.equal(requests, 0)
  })

  it(`is not taken in by the authority's name without its signature (${maxVersion})`, async () => {
    const forged: TlsOptions = { ...serve('forged', [ca]), maxVersion }
    const { results, requests } = await ask(
      forged,
      { tls: unverified, caFingerprint: fingerprint },
      2,
    )
    assert.deepEqual(results, Array(2).fill('ca_fingerprint_mismatch tls false'))
    assert.equal(requests, 0)
  })
}

it('tries again at once where a TLS connection was closed while idle', async () => {
  let answered = 0
  await using node = await startNode((response, seen, socket) => {
    answered++
    if (answered === 2) socket.end()
    else storeAll(response, seen, socket)
  }, serve('server'))
  await using client = openBulk(node.url, { tls: { ca } })
  await client.bulk.exchange(smallBatch(1), plainAsk, never)
  const second = await client.bulk.exchange(smallBatch(1), plainAsk, never)
  assert.deepEqual(
    [second.kind, second.earlierBodyStarted, second.socketReused],
    ['answered', true, false],
  )
})
