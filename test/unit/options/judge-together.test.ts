import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { faultOf, faultsOf, pathsOf, resolved } from './resolving.ts'

describe('retry', () => {
  it('refuses a least delay above the greatest', () => {
    assert.deepEqual(faultOf({ retry: { minDelayMs: 2000, maxDelayMs: 1999 } }), {
      path: 'retry.minDelayMs',
      expected: 'at most retry.maxDelayMs, here 1,999',
      got: '2,000',
    })
  })

  it('moves a default out of the way of what is given', () => {
    assert.deepEqual(resolved({ retry: { maxDelayMs: 100 } }).retry, {
      minDelayMs: 100,
      maxDelayMs: 100,
    })
    assert.deepEqual(resolved({ retry: { minDelayMs: 20_000 } }).retry, {
      minDelayMs: 20_000,
      maxDelayMs: 20_000,
    })
  })
})

describe('flushBytes', () => {
  it('by default gives way to a small memory', () => {
    assert.equal(resolved({ memory: { maxBytes: 65_537 } }).flushBytes, 32_768)
    assert.equal(resolved({ memory: { maxBytes: 2_000_000 } }).flushBytes, 1_000_000)
  })

  it('as given may be half of memory and no more', () => {
    const memory = { maxBytes: 100_001 }
    assert.equal(resolved({ memory, flushBytes: 50_000 }).flushBytes, 50_000)
    assert.deepEqual(faultOf({ memory, flushBytes: 50_001 }), {
      path: 'flushBytes',
      expected: 'at most half of memory.maxBytes, here 50,000',
      got: '50,001',
    })
  })
})

describe('rejectUnauthorized', () => {
  const node = 'https://h'
  const caFingerprint = 'ab'.repeat(32)

  it("is left to Node where nothing is said, so that its environment's switch works", () => {
    assert.deepEqual(resolved({ node }).tls, {})
  })

  it('goes into tls from either place', () => {
    assert.deepEqual(resolved({ rejectUnauthorized: false }).tls, { rejectUnauthorized: false })
    const tls = { rejectUnauthorized: true }
    assert.deepEqual(resolved({ tls }).tls, tls)
    assert.deepEqual(resolved({ tls, rejectUnauthorized: true }).tls, tls)
  })

  it('is refused where the two places differ', () => {
    const tls = { rejectUnauthorized: true }
    assert.deepEqual(pathsOf({ tls, rejectUnauthorized: false }), ['rejectUnauthorized'])
  })

  it('is false beside a fingerprint, unless it is said', () => {
    assert.equal(resolved({ node, caFingerprint }).tls.rejectUnauthorized, false)
    const said = { node, caFingerprint, rejectUnauthorized: true }
    assert.equal(resolved(said).tls.rejectUnauthorized, true)
    const saidInTls = { node, caFingerprint, tls: { rejectUnauthorized: true } }
    assert.equal(resolved(saidInTls).tls.rejectUnauthorized, true)
  })
})

describe('a fingerprint', () => {
  const caFingerprint = 'ab'.repeat(32)

  it('is refused beside a node without TLS', () => {
    assert.deepEqual(faultOf({ node: ['https://a', 'http://u:p@b'], caFingerprint }), {
      path: 'caFingerprint',
      expected: 'https nodes beside it',
      got: 'http://b',
    })
  })

  it('is refused beside the default node, and one of the environment, without TLS', () => {
    assert.deepEqual(pathsOf({ caFingerprint }), ['caFingerprint'])
    const env = { PINO_LOUDSINK_NODE: 'http://h' }
    assert.deepEqual(pathsOf({ caFingerprint }, env), ['caFingerprint'])
  })
})

describe('names in a line', () => {
  it('must differ', () => {
    assert.deepEqual(pathsOf({ timestampKey: 'msg' }), ['timestampKey'])
    assert.deepEqual(pathsOf({ messageKey: 'level', levelKey: 'severity' }), [])
    assert.deepEqual(pathsOf({ messageKey: 'level' }), ['timestampKey'])
  })

  it('are no static fields: Elasticsearch refuses a key that stands twice', () => {
    assert.deepEqual(pathsOf({ fields: { time: 1, msg: 1, level: 1, pid: 1 } }), [
      'fields.time',
      'fields.msg',
      'fields.level',
    ])
    assert.deepEqual(pathsOf({ messageKey: 'm', fields: { msg: 1, m: 2 } }), ['fields.m'])
  })

  it('are other names in ECS', () => {
    assert.deepEqual(faultsOf({ format: 'ecs', fields: { msg: 1 } }), [])
    const fields = { message: 1, 'log.level': 1 }
    assert.deepEqual(pathsOf({ format: 'ecs', fields }), ['fields.message', 'fields.log.level'])
  })
})

describe('a rule between options', () => {
  it('is not asked while one of them is wrong by itself', () => {
    const memory = { maxBytes: '100 MB' }
    assert.deepEqual(pathsOf({ memory, flushBytes: 50_000_000 }), ['memory.maxBytes'])
    assert.deepEqual(pathsOf({ timestampKey: 5, messageKey: 'time' }), ['timestampKey'])
  })
})
