import assert from 'node:assert/strict'
import { generateKeyPairSync, X509Certificate } from 'node:crypto'
import { describe, it } from 'node:test'
import { rootCertificates } from 'node:tls'
import { faultOf, faultsOf, pathsOf, resolved } from './resolving.ts'

const [ca = ''] = rootCertificates
/** Of another key than `pair`, of the same type. */
const cert = rootCertificates.find(
  (pem) => new X509Certificate(pem).publicKey.asymmetricKeyType === 'ec',
)
const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const key = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const passphrase = 'geheim'
const locked = pair.privateKey
  .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase })
  .toString()

describe('tls', () => {
  it('passes on what Node understands', () => {
    const tls = {
      ca: [ca, Buffer.from(ca)],
      key,
      servername: 'es',
      minVersion: 'TLSv1.2',
      maxVersion: 'TLSv1.3',
      ciphers: 'TLS_AES_128_GCM_SHA256',
      rejectUnauthorized: true,
    }
    assert.deepEqual(resolved({ tls }).tls, tls)
  })

  it('takes bytes as a structured clone leaves them', () => {
    const tls = structuredClone({ ca: Buffer.from(ca), key: Buffer.from(key) })
    assert.deepEqual(resolved({ tls }).tls, tls)
  })

  it('opens a locked key', () => {
    assert.deepEqual(pathsOf({ tls: { key: locked, passphrase } }), [])
    assert.deepEqual(pathsOf({ tls: { key: locked, passphrase: 'another' } }), ['tls'])
    assert.deepEqual(pathsOf({ tls: { key: locked } }), ['tls'])
  })

  const wrong: readonly [tls: unknown, path: string][] = [
    [{ ca: '/etc/ssl/ca.pem' }, 'tls.ca'],
    [{ ca: [ca, '/etc/ssl/ca.pem'] }, 'tls.ca[1]'],
    [{ ca: [] }, 'tls.ca'],
    [{ ca: '' }, 'tls.ca'],
    [{ ca: {} }, 'tls.ca'],
    [{ cert: Buffer.from('geheim') }, 'tls.cert'],
    [{ key: 'geheim' }, 'tls.key'],
    [{ key: { pem: 'geheim' } }, 'tls.key'],
    [{ key: '-----BEGIN PRIVATE KEY-----\ngeheim\n-----END PRIVATE KEY-----' }, 'tls'],
    [{ cert: '-----BEGIN CERTIFICATE-----\ngeheim\n-----END CERTIFICATE-----' }, 'tls'],
    [{ key, cert }, 'tls'],
    [{ pfx: Buffer.from('geheim'), passphrase }, 'tls'],
    [{ pfx: '' }, 'tls.pfx'],
    [{ passphrase: ['geheim'] }, 'tls.passphrase'],
    [{ ciphers: 'none-such' }, 'tls'],
    [{ minVersion: 'TLSv1.3', maxVersion: 'TLSv1.2' }, 'tls.minVersion'],
    [{ minVersion: 'SSLv3' }, 'tls.minVersion'],
    [{ secureProtocol: 'TLS_method' }, 'tls.secureProtocol'],
    ['geheim', 'tls'],
    [null, 'tls'],
  ]
  for (const [tls, path] of wrong) {
    it(`refuses ${JSON.stringify(tls).slice(0, 80)} and shows nothing of it`, () => {
      assert.equal(faultOf({ tls }).path, path)
      assert.doesNotMatch(JSON.stringify(faultsOf({ tls })), /geheim|BEGIN/)
    })
  }
})
