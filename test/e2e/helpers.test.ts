import assert from 'node:assert/strict'
import { once } from 'node:events'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import pino from 'pino'
import type { SelfLogEvent } from 'pino-loudsink'
import { close, flush, onSelfLog, stats } from 'pino-loudsink'
import { runApp } from '../helpers/run-app.ts'
import { loudsink, openTransport } from './open-transport.ts'

const down = { url: 'http://127.0.0.1:1' }

describe('the helpers of the application’s thread, through the worker', () => {
  it('onSelfLog hears what happens, and first of the trouble that is open', async () => {
    await using fixture = await openTransport()
    const { server, logger, stream } = fixture
    const outage = server.faults.add({ kind: 'status', status: 503 })
    logger.info({ seq: 0 })
    await server.waitFor(({ requests }) => requests.length >= 2)
    const heard: SelfLogEvent[] = []
    const off = onSelfLog(logger.child({}), (event) => heard.push(event))
    while (heard.length === 0) await once(stream, 'selfLog')
    assert.deepEqual(
      heard.map(({ code, replayed, failure }) => [code, replayed, failure?.status]),
      [['bulk.failed', true, 503]],
    )
    outage.off()
    while (heard.at(-1)?.code !== 'bulk.recovered') await once(stream, 'selfLog')
    assert.equal(heard.at(-1)?.incident?.id, heard[0]?.incident?.id)
    off()
    const before = heard.length
    await close(logger)
    assert.equal(heard.length, before)
  })

  it('onSelfLog from the first line on hears the start of the transport', async () => {
    await using fixture = await openTransport()
    const heard: string[] = []
    onSelfLog(fixture.logger, ({ code }) => heard.push(code))
    assert.ok((await flush(fixture.logger)).ok)
    assert.deepEqual(heard, ['transport.started'])
  })

  it('stats tells where the transport stands', async () => {
    await using fixture = await openTransport()
    const { server, logger } = fixture
    server.faults.add({ kind: 'status', status: 503 })
    logger.info({ seq: 0 })
    await server.waitFor(({ requests }) => requests.length >= 1)
    while ((await stats(logger)).incidents.length === 0) await once(fixture.stream, 'selfLog')
    const { ledger, memory, incidents } = await stats(logger)
    assert.deepEqual([ledger.accepted, ledger.pending], [1, 1])
    assert.ok(memory.bytes > 0)
    assert.equal(memory.maxBytes, 67_108_864)
    assert.deepEqual(
      incidents.map(({ code }) => code),
      ['bulk.failed'],
    )
  })

  it('close delivers what is left; later lines are dropped as closed, never an error', async () => {
    await using fixture = await openTransport()
    const { server, logger, stream, events } = fixture
    const errors: unknown[] = []
    stream.on('error', (error) => errors.push(error))
    for (let seq = 0; seq < 500; seq++) logger.info({ seq })
    const report = await close(logger)
    assert.deepEqual([report.ok, report.dropped, report.ledger.stored], [true, 0, 500])
    assert.equal(server.count(), 500)
    for (let seq = 500; seq < 520; seq++) logger.info({ seq })
    const after = await close(logger)
    assert.equal(after.ledger.stored, 500)
    assert.equal((await stats(logger)).ledger.dropped.closed, 20)
    assert.ok(events.some(({ reason, fate }) => reason === 'closed' && fate === 'dropped'))
    await fixture[Symbol.asyncDispose]()
    assert.deepEqual(errors, [])
  })

  it('close keeps to its deadline, and reports what it had to give up', async () => {
    await using fixture = await openTransport(() => loudsink(down))
    for (let seq = 0; seq < 30; seq++) fixture.logger.info({ seq })
    const startedAt = performance.now()
    const report = await close(fixture.logger, { timeoutMs: 300 })
    assert.deepEqual([report.ok, report.dropped], [false, 30])
    assert.ok(performance.now() - startedAt < 2_500)
  })

  it('a worker that has died: flush and close say not ok, stats rejects, none waits for its deadline', async () => {
    await using fixture = await openTransport()
    const { logger, stream } = fixture
    stream.on('error', () => undefined)
    const { worker } = stream as unknown as { worker: { terminate(): Promise<number> } }
    assert.ok((await flush(logger)).ok)
    const pending = flush(logger, { timeoutMs: 5_000 })
    const closed = new Promise((resolve) => stream.once('close', resolve))
    await worker.terminate()
    await closed
    const startedAt = performance.now()
    await pending
    assert.equal((await flush(logger)).ok, false)
    assert.equal((await close(logger)).ok, false)
    await assert.rejects(stats(logger), { code: 'ERR_LOUDSINK_NO_ANSWER' })
    assert.doesNotThrow(() => onSelfLog(logger, () => undefined)())
    assert.ok(performance.now() - startedAt < 1_000)
  })

  it('a worker in which nothing is ours: flush says not ok at its deadline', async () => {
    await using fixture = await openTransport(() => ({
      target: 'pino/file',
      options: { destination: '/dev/null' },
    }))
    fixture.logger.info('hello')
    const { ok, ledger } = await flush(fixture.logger, { timeoutMs: 200 })
    assert.deepEqual([ok, ledger.accepted], [false, 0])
    assert.equal((await close(fixture.logger, { timeoutMs: 200 })).ok, false)
  })

  it('a multistream with a Shipper and a worker: both, summed', async () => {
    await using fixture = await openTransport()
    const { createShipper } = await import('pino-loudsink')
    const shipper = createShipper({ node: fixture.server.url, index: 'logs-local' })
    const streams = [{ stream: fixture.stream }, { stream: shipper.stream }]
    const logger = pino({}, pino.multistream(streams))
    logger.info({ seq: 0 })
    const { ok, ledger } = await flush(logger)
    assert.deepEqual([ok, ledger.stored], [true, 2])
    await shipper.close()
  })

  it('listening keeps no process alive', async () => {
    const app = fileURLToPath(new URL('./apps/listens.mjs', import.meta.url))
    const { code, tookMs, stderr } = await runApp(app, {})
    assert.equal(code, 0)
    assert.equal(stderr, '')
    assert.ok(tookMs < 6_000, `${tookMs} ms`)
  })
})
