import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ShipperOptions } from '../../../src/options/index.ts'
import { resolveOptions } from '../../../src/options/index.ts'
import { faultOf, faultsOf, pathsOf, resolved } from './resolving.ts'

const defaults = {
  nodes: ['http://127.0.0.1:9200'],
  tls: {},
  index: 'logs-pino-default',
  flushBytes: 1_000_000,
  flushItems: 5000,
  flushIntervalMs: 1000,
  format: 'pino',
  fields: {},
  timestampKey: 'time',
  levelKey: 'level',
  headers: {},
  concurrency: 4,
  compression: 'none',
  timeouts: {
    connectMs: 5000,
    dnsMs: 3000,
    responseMs: 30_000,
    idleMs: 15_000,
    totalMs: 60_000,
    probeMs: 10_000,
  },
  retry: { minDelayMs: 500, maxDelayMs: 15_000 },
  memory: { maxBytes: 64 * 1024 * 1024, whenFull: 'drop_oldest' },
  selfLog: { stderr: true, maxBytes: 10 * 1024 * 1024, minSeverity: 'warn', repeatMs: 10_000 },
  shutdown: { timeoutMs: 5000 },
  ignored: [],
}

describe('what is not given', () => {
  for (const input of [undefined, {}, { node: undefined, tls: undefined, spool: undefined }]) {
    it(`${JSON.stringify(input)} gives the defaults`, () => {
      assert.deepEqual(resolved(input), defaults)
    })
  }

  it('includes what pino adds to the options of a worker', () => {
    const added = { $context: { threadStreamVersion: '4.2.0' }, pinoWillSendConfig: true }
    assert.deepEqual(resolved(added), defaults)
  })
})

describe('what is given', () => {
  it('takes the place of every default', () => {
    const given: ShipperOptions = {
      node: ['https://a:9200/es/', 'https://b'],
      auth: { bearer: 'token' },
      tls: { servername: 'es.internal', minVersion: 'TLSv1.3' },
      caFingerprint: `${'AB:'.repeat(31)}CD`,
      index: 'app-%{DATE}',
      flushBytes: 100_000,
      flushInterval: 200,
      opType: 'create',
      format: 'ecs',
      fields: { 'service.name': 'x', data_stream: { type: 'logs' } },
      timestampKey: 'ts',
      messageKey: 'message',
      levelKey: 'lvl',
      levels: { notice: 35, trace: 5 },
      proxy: false,
      headers: { 'X-Tenant': 'a' },
      pipeline: 'geo',
      flushItems: 10,
      concurrency: 64,
      compression: 'gzip',
      timeouts: { connectMs: 2000, responseMs: 40_000, idleMs: 1 },
      retry: { minDelayMs: 1, maxDelayMs: 1 },
      memory: { maxBytes: 200_000, whenFull: 'drop_newest' },
      deadLetter: false,
      dns: 'system',
      selfLog: {
        stderr: false,
        file: '/var/log/s.log',
        maxBytes: 65_536,
        minSeverity: 'info',
        repeatMs: 1,
        toElasticsearch: false,
      },
      shutdown: { timeoutMs: 9000 },
    }
    assert.deepEqual(resolved(structuredClone(given)), {
      nodes: ['https://a:9200/es', 'https://b'],
      auth: { kind: 'bearer', token: 'token' },
      tls: { servername: 'es.internal', minVersion: 'TLSv1.3', rejectUnauthorized: false },
      caFingerprint: `${'ab'.repeat(31)}cd`,
      index: 'app-%{DATE}',
      flushBytes: 100_000,
      flushItems: 10,
      flushIntervalMs: 200,
      format: 'ecs',
      fields: { 'service.name': 'x', data_stream: { type: 'logs' } },
      timestampKey: 'ts',
      messageKey: 'message',
      levelKey: 'lvl',
      levels: { notice: 35, trace: 5 },
      dns: 'system',
      headers: { 'x-tenant': 'a' },
      pipeline: 'geo',
      concurrency: 64,
      compression: 'gzip',
      timeouts: {
        connectMs: 2000,
        dnsMs: 2000,
        responseMs: 40_000,
        idleMs: 1,
        totalMs: 80_000,
        probeMs: 10_000,
      },
      retry: { minDelayMs: 1, maxDelayMs: 1 },
      memory: { maxBytes: 200_000, whenFull: 'drop_newest' },
      selfLog: {
        stderr: false,
        file: '/var/log/s.log',
        maxBytes: 65_536,
        minSeverity: 'info',
        repeatMs: 1,
      },
      shutdown: { timeoutMs: 9000 },
      ignored: [],
    })
  })

  it('never makes a probe wait longer than a request', () => {
    assert.equal(resolved({ timeouts: { responseMs: 700 } }).timeouts.probeMs, 700)
  })

  it('is not shared with the caller', () => {
    const fields = { a: { b: 1 } }
    const options = resolved({ fields })
    fields.a.b = 2
    assert.deepEqual(options.fields, { a: { b: 1 } })
  })
})

describe("pino-elasticsearch's names", () => {
  it('without meaning are listed as ignored', () => {
    const given = {
      type: 'log',
      esVersion: 7,
      op_type: 'index',
      Connection: class {},
      ConnectionPool: 1,
      'flush-bytes': 1000,
      'flush-interval': 1,
      'es-version': 8,
    }
    assert.deepEqual(resolved(given).ignored, Object.keys(given))
  })

  it('are not listed where they are undefined', () => {
    assert.deepEqual(resolved({ type: undefined }).ignored, [])
  })

  it("count op_type: 'create' as opType", () => {
    assert.deepEqual(resolved({ op_type: 'create' }), defaults)
  })

  it("let its README's example pass", () => {
    const options = resolved({
      index: 'an-index',
      node: 'http://localhost:9200',
      esVersion: 7,
      flushBytes: 1000,
    })
    assert.deepEqual([options.nodes, options.flushBytes], [['http://localhost:9200'], 1000])
    assert.deepEqual(options.ignored, ['esVersion'])
  })
})

describe('what is no set of options', () => {
  const thrower = {
    get node(): string {
      throw new Error('no')
    },
  }
  const revoked = Proxy.revocable({}, {})
  revoked.revoke()
  const cases: readonly [unknown, string][] = [
    [null, 'null'],
    ['http://x', 'a string'],
    [[], 'an empty array'],
    [new Map(), 'an object'],
    [() => 1, 'a function'],
    [7n, 'a bigint'],
    [thrower, 'an object'],
    [revoked.proxy, 'an object that cannot be read'],
  ]
  for (const [input, got] of cases) {
    it(`is one fault: ${got}`, () => {
      assert.deepEqual(faultsOf(input), [{ path: 'options', expected: 'an object', got }])
    })
  }

  it('is a fault of one option where only that cannot be read', () => {
    assert.deepEqual(pathsOf({ tls: revoked.proxy, fields: thrower, node: revoked.proxy }), [
      'tls',
      'fields',
      'node',
    ])
  })

  it('finds no way through names of Object.prototype', () => {
    const input: unknown = JSON.parse('{"__proto__":{"node":"x"},"constructor":1,"toString":2}')
    assert.deepEqual(pathsOf(input), ['__proto__', 'constructor', 'toString'])
  })

  it('survives two hundred thousand faults', () => {
    const names = Array.from({ length: 200_000 }, (_, i) => [`h ${i}`, 1] as const)
    const headers: Record<string, number> = Object.fromEntries(names)
    assert.equal(faultsOf({ headers }).length, 200_000)
  })
})

describe('faults', () => {
  it('come all at once, those between options too', () => {
    assert.deepEqual(
      pathsOf({
        flushbytes: 1,
        timeouts: { connectMs: '5s', nope: 1 },
        retry: { minDelayMs: 2, maxDelayMs: 1 },
        memory: { whenFull: 'backpressure' },
        auth: { username: 'u' },
        headers: { host: 'x' },
      }),
      [
        'flushbytes',
        'timeouts.connectMs',
        'timeouts.nope',
        'auth.password',
        'headers.host',
        'retry.minDelayMs',
        'memory.whenFull',
      ],
    )
  })

  it('show what was expected and what was there', () => {
    assert.deepEqual(faultOf({ timeouts: { connectMs: '5s' } }), {
      path: 'timeouts.connectMs',
      expected: 'a whole number of milliseconds from 1 to 600,000',
      got: '"5s" (string)',
    })
  })
})

describe('backpressure', () => {
  it('is accepted where the producer awaits drain', () => {
    const input = { memory: { whenFull: 'backpressure' } }
    assert.equal(resolveOptions(input, {}, { backpressure: true }).ok, true)
  })

  it('is refused elsewhere, with the place where it works', () => {
    const { path, expected } = faultOf({ memory: { whenFull: 'backpressure' } })
    assert.equal(path, 'memory.whenFull')
    assert.match(expected, /createShipper.*drain/)
  })
})
