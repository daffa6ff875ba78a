import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import type { Resolution } from '../../src/options/index.ts'
import {
  describeFaults,
  OptionsError,
  redactOptions,
  resolveOptions,
} from '../../src/options/index.ts'

/** Stands in no text of ours. */
const secret = 'gEhEim7'

const names = [
  'node',
  'nodes',
  'cloud',
  'id',
  'auth',
  'username',
  'password',
  'apiKey',
  'api_key',
  'bearer',
  'apiKeyFile',
  'tls',
  'ca',
  'key',
  'pfx',
  'passphrase',
  'caFingerprint',
  'rejectUnauthorized',
  'index',
  'flushBytes',
  'flushInterval',
  'opType',
  'op_type',
  'type',
  'format',
  'fields',
  '@timestamp',
  'timestampKey',
  'levels',
  'proxy',
  'headers',
  'authorization',
  'pipeline',
  'concurrency',
  'compression',
  'timeouts',
  'connectMs',
  'responseMs',
  'retry',
  'minDelayMs',
  'maxDelayMs',
  'memory',
  'maxBytes',
  'whenFull',
  'spool',
  'deadLetter',
  'dns',
  'selfLog',
  'file',
  'alerts',
  'shutdown',
  'timeoutMs',
  '$context',
  '__proto__',
]
const words = [
  'system',
  'gzip',
  'ecs',
  'create',
  'backpressure',
  'http://h',
  'https://a:b@h',
  'x:eA==',
]

const name = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...names) }, fc.string())
const leaf = fc.oneof(
  fc.constantFrom<unknown>(...words, true, false, null, undefined, 1, 5000, 70_000),
  fc.double(),
  fc.string(),
)
const jsonLike = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(name, tie('value'), { maxKeys: 6 }),
  ),
})).value
const environment = fc.dictionary(
  fc.constantFrom(
    'PINO_LOUDSINK_NODE',
    'PINO_LOUDSINK_INDEX',
    'PINO_LOUDSINK_API_KEY',
    'PINO_LOUDSINK_USERNAME',
    'PINO_LOUDSINK_PASSWORD',
  ),
  fc.oneof(fc.constantFrom(...words), fc.string()),
)
const where = fc.record({ backpressure: fc.boolean() })

function assertSense(resolution: Resolution): void {
  if (!resolution.ok) {
    assert.ok(resolution.faults.length > 0)
    for (const { path, expected, got } of resolution.faults) {
      assert.ok(path !== '' && expected !== '' && got !== '')
    }
    const lines = describeFaults(resolution.faults).split('\n')
    assert.equal(lines.length, resolution.faults.length + 1, 'one fault, one line')
    return
  }
  const { options } = resolution
  assert.ok(options.nodes.length > 0)
  assert.ok(2 * options.flushBytes <= options.memory.maxBytes)
  assert.ok(options.retry.minDelayMs <= options.retry.maxDelayMs)
  assert.ok(options.timeouts.dnsMs <= options.timeouts.connectMs)
  assert.ok(options.timeouts.probeMs <= options.timeouts.responseMs)
}

describe('any input', () => {
  it('gives options or faults, and never throws', () => {
    fc.assert(
      fc.property(fc.oneof(jsonLike, fc.anything()), environment, where, (input, env, at) => {
        assertSense(resolveOptions(input, env, at))
      }),
      { numRuns: 2000 },
    )
  })

  it('gives options or faults with any value at any known place', () => {
    const options = fc.dictionary(fc.constantFrom(...names), fc.anything())
    fc.assert(
      fc.property(options, (input) => {
        assertSense(resolveOptions(input, {}, { backpressure: false }))
      }),
      { numRuns: 2000 },
    )
  })

  it('is judged the same twice', () => {
    fc.assert(
      fc.property(jsonLike, (input) => {
        const ask = () => resolveOptions(input, {}, { backpressure: false })
        assert.deepEqual(ask(), ask())
      }),
    )
  })
})

/** Places where a value may be a secret, right or wrong as it is. */
const hidingPlaces: readonly ((value: unknown) => object)[] = [
  (value) => ({ auth: value }),
  (value) => ({ auth: [value] }),
  (value) => ({ auth: { apiKey: value } }),
  (value) => ({ auth: { apiKey: { id: value, api_key: value } } }),
  (value) => ({ auth: { bearer: value } }),
  (value) => ({ auth: { username: 'u', password: value } }),
  (value) => ({ auth: { username: value } }),
  (value) => ({ auth: { username: value, password: value, apiKey: value, bearer: value } }),
  (value) => ({ auth: { pasword: value } }),
  (value) => ({ auth: { apiKeyFile: value } }),
  (value) => ({ apiKey: value, password: value }),
  (value) => ({ cloud: { id: value } }),
  (value) => ({ cloud: value }),
  (value) => ({ headers: value }),
  (value) => ({ headers: { Authorization: value, 'x-key': value } }),
  (value) => ({ headers: { authorization: value }, auth: { bearer: value } }),
  (value) => ({ headers: { host: value } }),
  (value) => ({ tls: value }),
  (value) => ({ tls: { key: value, passphrase: value, pfx: value, cert: value, ca: value } }),
  (value) => ({ tls: { key: [value], pfx: [value] } }),
  (value) => ({ proxy: value }),
  (value) => ({ alerts: { webhook: { url: value } } }),
  (value) => ({ fields: { note: value } }),
]

const around = fc.string({ unit: fc.constantFrom(...'ab:/@?#%\\ \n\u0000é'), maxLength: 6 })
const secretText = fc.tuple(around, around).map(([before, after]) => before + secret + after)

describe('a secret', () => {
  it('is never in a fault, nor in redacted options', () => {
    const value = fc.oneof(
      secretText,
      secretText.map((text) => [text]),
    )
    fc.assert(
      fc.property(fc.constantFrom(...hidingPlaces), value, (place, hidden) => {
        assertHidden(resolveOptions(place(hidden), {}, { backpressure: false }))
      }),
      { numRuns: 2000 },
    )
  })

  it('is never in a fault as user name, password or query of a node URL', () => {
    const url = fc.oneof(
      secretText.map((text) => `https://${text}@h:9200/p`),
      fc.tuple(secretText, secretText).map(([user, pass]) => `https://${user}:${pass}@h`),
      secretText.map((text) => `https://u:${encodeURIComponent(text)}@h:bad`),
      secretText.map((text) => `u:${text}@h`),
      secretText.map((text) => `https://h/p?key=${text}`),
    )
    const place = fc.constantFrom(
      (node: string) => resolveOptions({ node }, {}, { backpressure: false }),
      (node: string) => resolveOptions({ node: [node, 'x'] }, {}, { backpressure: false }),
      (node: string) => resolveOptions({}, { PINO_LOUDSINK_NODE: node }, { backpressure: false }),
    )
    fc.assert(
      fc.property(url, place, (node, resolve) => {
        assertHidden(resolve(node))
      }),
      { numRuns: 3000 },
    )
  })

  it('is never in a fault of the environment', () => {
    const env = fc.dictionary(
      fc.constantFrom('PINO_LOUDSINK_API_KEY', 'PINO_LOUDSINK_USERNAME', 'PINO_LOUDSINK_PASSWORD'),
      secretText,
    )
    fc.assert(
      fc.property(env, (variables) => {
        assertHidden(resolveOptions({}, variables, { backpressure: false }))
      }),
    )
  })
})

function assertHidden(resolution: Resolution): void {
  const said = resolution.ok
    ? JSON.stringify(redactOptions(resolution.options))
    : new OptionsError(resolution.faults).message
  assert.ok(!said.toLowerCase().includes(secret.toLowerCase()), said)
}
