import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { faultOf, faultsOf, pathsOf, resolved } from './resolving.ts'

/** `timeouts.connectMs`, 5 → `{ timeouts: { connectMs: 5 } }`. */
function at(path: string, value: unknown): unknown {
  return path.split('.').reduceRight<unknown>((inner, name) => ({ [name]: inner }), value)
}

const ranges: readonly [path: string, min: number, max: number][] = [
  ['flushBytes', 1000, 33_554_432],
  ['flushInterval', 1, 3_600_000],
  ['flushItems', 1, 100_000],
  ['concurrency', 1, 64],
  ['timeouts.connectMs', 1, 600_000],
  ['timeouts.responseMs', 1, 600_000],
  ['timeouts.idleMs', 1, 600_000],
  ['retry.minDelayMs', 1, 3_600_000],
  ['retry.maxDelayMs', 1, 3_600_000],
  ['memory.maxBytes', 65_536, Number.MAX_SAFE_INTEGER],
  ['selfLog.maxBytes', 65_536, Number.MAX_SAFE_INTEGER],
  ['selfLog.repeatMs', 1, 3_600_000],
  ['shutdown.timeoutMs', 1, 9000],
  ['levels.notice', 0, Number.MAX_SAFE_INTEGER],
]

describe('numbers', () => {
  for (const [path, min, max] of ranges) {
    it(`${path} goes from ${min} to ${max}`, () => {
      for (const value of [min, max]) assert.deepEqual(faultsOf(at(path, value)), [])
      for (const value of [min - 1, max + 1, min + 0.5, Number.NaN, Infinity, -Infinity, null]) {
        assert.deepEqual(pathsOf(at(path, value)), [path], String(value))
      }
    })

    it(`${path} in quotes is a fault that says so`, () => {
      assert.match(faultOf(at(path, String(max))).expected, /, without quotes$/)
    })
  }

  it('flushBytes ends at 50 MB', () => {
    const memory = { maxBytes: 200_000_000 }
    assert.deepEqual(faultsOf({ memory, flushBytes: 50_000_000 }), [])
    assert.match(faultOf({ memory, flushBytes: 50_000_001 }).expected, /1,000 to 50,000,000$/)
  })
})

describe('words', () => {
  const words: readonly [path: string, right: readonly string[], hint?: [unknown, RegExp]][] = [
    ['format', ['pino', 'ecs']],
    ['opType', ['create'], ['index', /stored twice/]],
    ['compression', ['gzip', 'none'], [true, /here true is 'gzip'/]],
    ['compression', [], [false, /here false is 'none'/]],
    ['memory.whenFull', ['drop_oldest', 'drop_newest']],
    ['selfLog.minSeverity', ['info', 'warn', 'error']],
    ['tls.minVersion', ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']],
  ]
  for (const [path, right, hint] of words) {
    it(`${path} is one of its words (${right.join(', ')}) and nothing else`, () => {
      for (const word of right) assert.deepEqual(faultsOf(at(path, word)), [])
      for (const value of ['', 'PINO', 1, null, {}]) {
        assert.deepEqual(pathsOf(at(path, value)), [path])
      }
      if (hint !== undefined) assert.match(faultOf(at(path, hint[0])).expected, hint[1])
    })
  }

  for (const path of ['rejectUnauthorized', 'tls.rejectUnauthorized', 'selfLog.stderr']) {
    it(`${path} is true or false`, () => {
      for (const value of [true, false]) assert.deepEqual(faultsOf(at(path, value)), [])
      for (const value of ['true', 0, null]) assert.deepEqual(pathsOf(at(path, value)), [path])
    })
  }

  const texts = ['timestampKey', 'messageKey', 'levelKey', 'pipeline', 'selfLog.file']
  for (const path of texts) {
    it(`${path} is text with something in it`, () => {
      assert.deepEqual(faultsOf(at(path, 'a-name')), [])
      for (const value of ['', ' ', 'a\nb', 'a\0', 'x'.repeat(1025), 5, ['a']]) {
        assert.deepEqual(pathsOf(at(path, value)), [path])
      }
    })
  }

  it('a fingerprint may have colons, and comes out bare', () => {
    const hex = '0123456789ABCDEF'.repeat(4)
    const node = 'https://h'
    const colons = hex.replace(/..(?=.)/g, '$&:')
    for (const caFingerprint of [hex, colons, hex.toLowerCase()]) {
      assert.equal(resolved({ node, caFingerprint }).caFingerprint, hex.toLowerCase())
    }
    for (const caFingerprint of ['ab', `${hex}0`, hex.replace('F', 'G'), 1]) {
      assert.deepEqual(pathsOf({ node, caFingerprint }), ['caFingerprint'])
    }
  })
})

describe('what is not available yet', () => {
  const later: readonly [path: string, value: unknown][] = [
    ['spool', { dir: '/x' }],
    ['spool', false],
    ['alerts', {}],
    ['proxy', 'http://user:pass@proxy'],
    ['proxy', true],
    ['proxy', null],
    ['deadLetter', { file: 'x' }],
    ['deadLetter', true],
    ['selfLog.toElasticsearch', true],
    ['auth.apiKeyFile', '/run/key'],
    ['auth.bearerFile', '/run/token'],
  ]
  for (const [path, value] of later) {
    it(`is refused, and said so: ${path} ${JSON.stringify(value)}`, () => {
      const fault = faultOf(at(path, value))
      assert.equal(fault.path, path)
      assert.match(fault.expected, /not available yet/)
      assert.doesNotMatch(fault.got, /pass/)
    })
  }

  it('is refused: a password in a file', () => {
    const fault = faultOf({ auth: { username: 'u', passwordFile: '/run/password' } })
    assert.equal(fault.path, 'auth.passwordFile')
    assert.match(fault.expected, /not available yet/)
  })

  it('may be declined', () => {
    const declined = { proxy: false, deadLetter: false }
    assert.deepEqual(faultsOf({ ...declined, selfLog: { toElasticsearch: false } }), [])
  })
})

describe('dns', () => {
  it('may be system, or an object with any of its names', () => {
    const whole = {
      servers: ['10.0.0.10', '[fd00::10]:5353'],
      ipv6: 'always',
      triesMs: [100, 200],
      staleMs: 0,
      minTtlMs: 0,
      maxTtlMs: 10,
    }
    for (const dns of ['system', {}, whole]) assert.deepEqual(faultsOf({ dns }), [])
  })

  const wrongs: readonly [path: string, dns: unknown][] = [
    ['dns', 'own'],
    ['dns', true],
    ['dns.servers', { servers: [] }],
    ['dns.servers[0]', { servers: ['ns.example.com'] }],
    ['dns.servers[1]', { servers: ['10.0.0.10', '10.0.0.10:99999'] }],
    ['dns.ipv6', { ipv6: 'maybe' }],
    ['dns.triesMs', { triesMs: [] }],
    ['dns.triesMs[0]', { triesMs: [0] }],
    ['dns.staleMs', { staleMs: -1 }],
    ['dns.minTtlMs', { minTtlMs: 100, maxTtlMs: 10 }],
    ['dns.ttl', { ttl: 1 }],
  ]
  for (const [path, dns] of wrongs) {
    it(`is refused: ${JSON.stringify(dns)}`, () => {
      assert.deepEqual(pathsOf({ dns }), [path])
    })
  }
})
