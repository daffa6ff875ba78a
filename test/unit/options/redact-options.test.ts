import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { it } from 'node:test'
import { rootCertificates } from 'node:tls'
import { redactOptions } from '../../../src/options/index.ts'
import { resolved } from './resolving.ts'

it('redacted options show the kind of every secret and none of it', () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const key = privateKey
    .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'geheim' })
    .toString()
  const options = resolved({
    node: 'https://nutzer:geheim@h:9200/es',
    tls: { key, passphrase: 'geheim', ca: rootCertificates.slice(0, 1), servername: 'es' },
    headers: { 'X-Key': 'geheim' },
    fields: { note: 'geheim' },
    pipeline: 'geo',
  })
  const redacted = redactOptions(options)
  const { auth, tls, headers, fields, ...rest } = options
  assert.deepEqual(redacted, {
    ...rest,
    auth: { kind: 'basic' },
    tls: { key: '***', passphrase: '***', ca: '***', servername: 'es' },
    headers: { 'x-key': '***' },
    fields: ['note'],
  })
  assert.doesNotMatch(JSON.stringify(redacted), /geheim|nutzer|BEGIN/)
})

it('redacted options have no auth where there is none', () => {
  assert.equal('auth' in redactOptions(resolved({})), false)
})
