import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { FaultyElasticsearch } from '../../src/testing/index.ts'
import { createFaultyElasticsearch } from '../../src/testing/index.ts'
import { lostIn, runApp } from '../helpers/run-app.ts'

const app = fileURLToPath(new URL('./apps/logs-and-ends.mjs', import.meta.url))
const down = 'http://127.0.0.1:1'

const loudsink = (options: object): object => ({ target: 'pino-loudsink', options })
const file = { target: 'pino/file', options: { destination: '/dev/null' } }

describe('the end of a process that logs through pino’s worker', () => {
  let server: FaultyElasticsearch

  before(async () => {
    server = await createFaultyElasticsearch()
  })
  after(() => server.close())

  for (const [end, expectedCode] of [
    ['natural', 0],
    ['exit', 0],
    ['exit-when-ready', 0],
    ['throw', 1],
  ] as const) {
    it(`right after the last call, by ${end}: loses nothing, and says nothing`, async () => {
      const index = `logs-${end}`
      const transport = loudsink({ node: server.url, index })
      const { code, events, otherLines } = await runApp(app, { transport, lines: 10_000, end })
      const { lost, copies } = server.oracle({ expected: 10_000, index })
      assert.deepEqual([lost, copies], [[], []])
      assert.equal(code, expectedCode)
      assert.deepEqual(events, [])
      if (expectedCode === 0) assert.deepEqual(otherLines, [])
    })
  }

  it('with two targets: loses nothing in either', async () => {
    const targets = [loudsink({ node: server.url, index: 'logs-both' }), file]
    const { code, stderr } = await runApp(app, {
      transport: { targets },
      lines: 10_000,
      end: 'exit',
    })
    assert.deepEqual(server.oracle({ expected: 10_000, index: 'logs-both' }).lost, [])
    assert.equal(code, 0)
    assert.equal(stderr, '')
  })

  it('a healthy end does not wait for anything', async () => {
    const transport = loudsink({ node: server.url, index: 'logs-quick' })
    const { tookMs } = await runApp(app, { transport, lines: 10, end: 'natural' })
    assert.ok(tookMs < 5_000, `${tookMs} ms`)
  })

  for (const { what, transport, end, lines } of [
    {
      what: 'the server down, by exit',
      transport: loudsink({ node: down }),
      end: 'exit',
      lines: 10_000,
    },
    {
      what: 'the server down, two targets',
      transport: { targets: [loudsink({ node: down, shutdown: { timeoutMs: 2_000 } }), file] },
      end: 'exit-when-ready',
      lines: 5_000,
    },
    {
      what: 'a short deadline, by itself',
      transport: loudsink({ node: down, shutdown: { timeoutMs: 1_500 } }),
      end: 'natural',
      lines: 777,
    },
  ]) {
    it(`with ${what}: every line is announced as lost on standard error, within 8 s`, async () => {
      const run = await runApp(app, { transport, lines, end })
      assert.equal(run.code, 0)
      assert.equal(lostIn(run.events), lines)
      assert.ok(run.tookMs < 8_000, `${run.tookMs} ms`)
      assert.deepEqual(run.otherLines, [])
      const [first] = run.events
      assert.equal(first?.code, 'bulk.failed')
      assert.equal(first.failure?.code, 'ECONNREFUSED')
      const last = run.events.at(-1)
      assert.equal(last?.totals.dropped.shutdown_deadline, lines)
      const incomplete = run.events.find(({ code }) => code === 'shutdown.incomplete')
      assert.deepEqual([incomplete?.items, incomplete?.kind], [lines, 'final'])
      const opened = run.events.filter(({ incident, kind }) => incident && kind === 'temporary')
      const closed = run.events.filter(({ incident, kind }) => incident && kind === 'final')
      assert.deepEqual(
        new Set(closed.map(({ incident }) => incident?.id)),
        new Set(opened.map(({ incident }) => incident?.id)),
      )
      for (const line of run.stderr.split('\n')) assert.ok(Buffer.byteLength(line) < 4_096)
    })
  }

  it('while the server hangs: within 8 s, and what may have been stored is said', async () => {
    const hang = server.faults.add({ kind: 'hang', store: true })
    const shutdown = { timeoutMs: 2_000 }
    const transport = loudsink({ node: server.url, index: 'logs-hang', shutdown })
    const run = await runApp(app, { transport, lines: 500, end: 'exit' })
    hang.off()
    assert.equal(run.code, 0)
    assert.ok(run.tookMs < 8_000, `${run.tookMs} ms`)
    assert.equal(lostIn(run.events), 500)
    const ambiguous = run.events.reduce((sum, event) => sum + (event.ambiguous ?? 0), 0)
    const stored = server.count('logs-hang')
    assert.ok(stored > 0)
    assert.ok(ambiguous >= stored, `${stored} stored, ${ambiguous} announced as perhaps stored`)
    assert.deepEqual(run.otherLines, [])
  })
})

describe('an application whose transport has wrong options', () => {
  const wrong = loudsink({ node: 'not a url', flushBites: 1, shutdown: { timeoutMs: 60_000 } })
  const names = ['node', 'flushBites', 'shutdown.timeoutMs']

  it('that listens to errors hears one message that names them all, and goes on', async () => {
    const plan = { transport: wrong, lines: 0, end: 'natural', listensToErrors: true }
    const { code, stdout, stderr } = await runApp(app, plan)
    assert.equal(code, 0)
    assert.equal(stdout.match(/heard:/g)?.length, 1)
    assert.match(stdout, /pino-loudsink: 3 options are wrong/)
    for (const name of names) assert.ok(stdout.includes(`- ${name}: expected`), stdout)
    assert.doesNotMatch(stderr, /3 options are wrong/)
  })

  it('that does not, ends with that message, once', async () => {
    const { code, stderr } = await runApp(app, { transport: wrong, lines: 0, end: 'natural' })
    assert.equal(code, 1)
    assert.equal(stderr.match(/pino-loudsink: 3 options are wrong/g)?.length, 1)
    for (const name of names) assert.equal(stderr.split(`- ${name}: expected`).length, 2, stderr)
  })
})
