import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import type { SelfLogEvent } from 'pino-loudsink'
import type { FaultyElasticsearch, StoredDocument } from 'pino-loudsink/testing'
import { createFaultyElasticsearch } from 'pino-loudsink/testing'
import type { Ending } from './run-example.ts'
import { runExample } from './run-example.ts'
import { startTinyRedis } from './tiny-redis.ts'

interface Expectation {
  /** The data stream that it writes to. */
  readonly stream: string
  /** Messages that must be stored, each so often; requests overtake each other, so in any order. */
  readonly messages: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly also?: (ending: Ending, documents: readonly StoredDocument[]) => void
}

const logged = (ending: Ending): readonly string[] => ending.stdout.trim().split('\n')

const expectations: Readonly<Record<string, Expectation>> = {
  'start.ts': {
    stream: 'logs-pino-default',
    messages: ['order received'],
    also: ({ stdout }) => {
      assert.match(stdout, /^transport\.started - started: http:\/\/127\.0\.0\.1:\d+/)
      assert.match(stdout, /^stored: 1$/m)
    },
  },
  'worker.ts': {
    stream: 'logs-invoices-default',
    environment: { EXAMPLE_RUNS: '2' },
    messages: ['woke up', 'task done', 'woke up', 'task done'],
    also: ({ stdout }, documents) => {
      assert.match(stdout, /^all delivered: 4 stored, 0 lost$/m)
      assert.equal(documents[0]?.source['service.name'], 'invoice-worker')
    },
  },
  'fastify.ts': {
    stream: 'logs-shop-default',
    messages: Array.from({ length: 3 }, () => [
      'incoming request',
      'order looked up',
      'request completed',
    ]).flat(),
    also: ({ stdout }) => assert.match(stdout, /^self-log: transport\.started$/m),
  },
  'nestjs.ts': {
    stream: 'logs-shop-default',
    messages: ['Nest application successfully started', 'orders listed', 'request completed'],
    also: (ending) => {
      assert.match(ending.stdout, /^self-log: transport\.started$/m)
      assert.equal(logged(ending).at(-1), 'all delivered')
    },
  },
  'pino-http.ts': {
    stream: 'logs-shop-default',
    messages: Array.from({ length: 3 }, () => ['order looked up', 'request completed']).flat(),
    also: (ending) => assert.equal(logged(ending).at(-1), 'all delivered'),
  },
  'console-and-elasticsearch.ts': {
    stream: 'logs-shop-default',
    messages: ['price looked up', 'order received'],
    also: (ending) => {
      assert.match(ending.stdout, /"msg":"order received"/)
      // The level trap, as the file tells it: no level in `targets` is `info`.
      assert.doesNotMatch(ending.stdout, /price looked up/)
      assert.equal(logged(ending).at(-1), 'all delivered: 2 stored')
    },
  },
  'in-process.ts': {
    stream: 'logs-scripts-default',
    messages: ['import started', 'import done'],
    also: (ending) => assert.equal(logged(ending).at(-1), 'all delivered: 2 stored, 0 dropped'),
  },
}

/** These bring servers of their own. */
const testFiles = ['test-with-faults.ts', 'test-with-dns-faults.ts']
const otherClients = 'dns-for-other-clients.ts'

describe('examples/', () => {
  let server: FaultyElasticsearch
  before(async () => {
    server = await createFaultyElasticsearch()
  })
  after(() => server.close())

  /** The documents that came into a stream since `seen` were there. */
  const newDocuments = (stream: string, seen: ReadonlySet<string>): readonly StoredDocument[] =>
    [...server.documents(stream)].filter(({ id }) => !seen.has(id))

  for (const [file, { stream, messages, environment, also }] of Object.entries(expectations)) {
    it(`${file} ends by itself with code 0, and its lines are stored once`, async () => {
      const seen = new Set([...server.documents()].map(({ id }) => id))
      const ending = await runExample(`examples/${file}`, {
        PINO_LOUDSINK_NODE: server.url,
        ...environment,
      })
      assert.equal(ending.code, 0, ending.stderr)
      assert.equal(ending.stderr, '', 'a healthy server gives the self-log nothing to warn of')
      const documents = newDocuments(stream, seen)
      const texts = documents.map(({ source }) => String(source['msg']))
      const known = texts.filter((text) => messages.includes(text))
      assert.deepEqual(known.sort(), [...messages].sort())
      assert.ok(documents.every(({ source }) => typeof source['@timestamp'] === 'string'))
      also?.(ending, documents)
    })
  }

  for (const file of testFiles) {
    it(`${file} passes as a test of its own`, async () => {
      const { code, stdout, stderr } = await runExample(`examples/${file}`, {})
      assert.equal(code, 0, stdout + stderr)
      assert.match(stdout, /^(?:ℹ|#) pass [1-9]/m)
      assert.match(stdout, /^(?:ℹ|#) fail 0$/m)
    })
  }

  it(`${otherClients} resolves once for all of its clients`, async () => {
    const redis = await startTinyRedis()
    const { code, stdout, stderr } = await runExample(`examples/${otherClients}`, {
      EXAMPLE_WEB: server.url.replace('127.0.0.1', 'localhost'),
      EXAMPLE_REDIS: `redis://localhost:${redis.port}`,
    })
    redis.close()
    assert.equal(code, 0, stdout + stderr)
    for (const line of [/^undici: 200$/m, /^http\.Agent: 200$/m, /^redis: PONG$/m]) {
      assert.match(stdout, line)
    }
  })

  it('every example is run here', () => {
    const files = readdirSync('examples').filter((name) => name.endsWith('.ts'))
    assert.deepEqual(
      files.sort(),
      [...Object.keys(expectations), ...testFiles, otherClients].sort(),
    )
  })
})

describe('examples/ asked to stop', () => {
  it('worker.ts ends its task at SIGTERM and delivers every line', async () => {
    const server = await createFaultyElasticsearch()
    const { code, stdout, stderr } = await runExample(
      'examples/worker.ts',
      { PINO_LOUDSINK_NODE: server.url, EXAMPLE_RUNS: '1000' },
      { sigtermAfter: server.waitForDocuments(1) },
    )
    const texts = [...server.documents()].map(({ source }) => source['msg'])
    await server.close()
    assert.equal(code, 0, stderr)
    assert.ok(texts.includes('asked to stop'))
    const count = (text: string): number => texts.filter((one) => one === text).length
    assert.equal(count('task done'), count('woke up'))
    assert.match(stdout, new RegExp(`^all delivered: ${texts.length} stored, 0 lost$`, 'm'))
  })
})

describe('examples/ without a server', () => {
  it('worker.ts says what is wrong, and in the end that its lines were lost', async () => {
    const server = await createFaultyElasticsearch()
    await server.down()
    const { code, stdout, stderr } = await runExample('examples/worker.ts', {
      PINO_LOUDSINK_NODE: server.url,
      EXAMPLE_RUNS: '1',
    })
    await server.close()
    assert.equal(code, 0)
    assert.match(stdout, /^not all delivered: 0 stored/m)
    assert.match(stderr, /connection refused by 127\.0\.0\.1:\d+ — 2 lines held in memory/)
    const events = stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as SelfLogEvent)
    const dropped = events.filter((event) => event.code === 'items.dropped')
    assert.deepEqual(
      dropped.map(({ items, reason }) => [items, reason]),
      [[2, 'shutdown_deadline']],
    )
  })
})
