import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { FaultyElasticsearch } from '../../../src/testing/index.ts'
import { createFaultyElasticsearch } from '../../../src/testing/index.ts'
import type { AppRun } from '../../helpers/run-app.ts'
import { lostIn, runApp } from '../../helpers/run-app.ts'
import type { LocalPlan } from './apps/logs-and-ends.ts'

const app = fileURLToPath(new URL('./apps/logs-and-ends.ts', import.meta.url))

function run(plan: LocalPlan): Promise<AppRun> {
  return runApp(app, plan, { execArgv: ['--import', 'tsx'] })
}

describe('the end of a process with a Shipper in it', () => {
  let server: FaultyElasticsearch

  before(async () => {
    server = await createFaultyElasticsearch()
  })
  after(() => server.close())

  it('by itself: everything is delivered first, and nothing is said', async () => {
    const options = { node: server.url, index: 'logs-natural' }
    const { code, stderr } = await run({ options, lines: 3_000, end: 'natural' })
    assert.equal(code, 0)
    assert.equal(stderr, '')
    assert.equal(server.oracle({ expected: 3_000, index: 'logs-natural' }).stored, 3_000)
  })

  it('by itself while the server is down: within the deadline, and each line is announced', async () => {
    const options = { node: 'http://127.0.0.1:1', shutdown: { timeoutMs: 300 } }
    const { code, events, otherLines, tookMs } = await run({ options, lines: 123, end: 'natural' })
    assert.equal(code, 0)
    assert.equal(lostIn(events), 123)
    assert.deepEqual(otherLines, [])
    assert.ok(tookMs < 8_000, `${tookMs} ms`)
  })

  for (const [end, expectedCode] of [
    ['exit', 0],
    ['throw', 1],
  ] as const) {
    it(`by ${end}: the exact number of lines that it costs is announced on standard error`, async () => {
      const options = { node: server.url, index: `logs-${end}` }
      const { code, events, otherLines } = await run({ options, lines: 4_321, end })
      assert.equal(code, expectedCode)
      assert.equal(lostIn(events), 4_321)
      assert.equal(server.count(`logs-${end}`), 0)
      const dropped = events.find((event) => event.code === 'items.dropped')
      assert.deepEqual([dropped?.reason, dropped?.kind], ['shutdown_deadline', 'final'])
      assert.equal(dropped?.ambiguous, undefined)
      const last = events.at(-1)
      assert.equal(last?.totals.accepted, 4_321)
      assert.equal(last.totals.dropped.shutdown_deadline, 4_321)
      if (end === 'exit') assert.deepEqual(otherLines, [])
    })
  }

  it('while a request is on the wire: its lines are announced as lost, and as perhaps stored', async () => {
    const options = { node: server.url, index: 'logs-flight', flushItems: 100, concurrency: 1 }
    const hang = server.faults.add({ kind: 'hang', store: true })
    const { events } = await run({ options, lines: 250, end: 'exit-when-in-flight' })
    hang.off()
    assert.equal(lostIn(events), 250)
    const dropped = events.find(({ code }) => code === 'items.dropped')
    assert.equal(dropped?.items, 250)
    const stored = server.count('logs-flight')
    assert.ok(stored <= 250)
    assert.ok((dropped?.ambiguous ?? 0) >= stored, `${stored} stored, ${dropped?.ambiguous} may be`)
    assert.ok((dropped?.ambiguous ?? 0) > 0)
  })
})
