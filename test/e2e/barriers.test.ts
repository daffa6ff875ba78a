import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { Logger } from 'pino'
import { flush, stats } from 'pino-loudsink'
import { loudsink, openTransport } from './open-transport.ts'

function log(logger: Logger, count: number, from = 0): void {
  for (let seq = from; seq < from + count; seq++) logger.info({ seq }, 'hello')
}

describe('barriers through the worker', () => {
  let folder: string

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'pino-loudsink-'))
  })
  after(() => {
    rmSync(folder, { recursive: true })
  })

  it('flush(logger): each of 10,000 lines before it has been stored', async () => {
    await using fixture = await openTransport()
    const { server, logger } = fixture
    log(logger, 10_000)
    const { ok, remaining, ledger } = await flush(logger)
    assert.deepEqual([ok, remaining, ledger.stored], [true, 0, 10_000])
    assert.equal(server.oracle({ expected: 10_000 }).stored, 10_000)
  })

  it('flush(logger) with targets: a barrier too, where pino’s own is none', async () => {
    const destination = join(folder, 'flush.log')
    await using fixture = await openTransport((node) => ({
      targets: [loudsink(node), { target: 'pino/file', options: { destination } }],
    }))
    const { server, logger } = fixture
    log(logger, 10_000)
    const { ok, ledger } = await flush(logger)
    assert.deepEqual([ok, ledger.stored], [true, 10_000])
    assert.equal(server.oracle({ expected: 10_000 }).stored, 10_000)
    await fixture[Symbol.asyncDispose]()
    assert.equal(readFileSync(destination, 'utf8').trimEnd().split('\n').length, 10_000)
  })

  it('flush(logger) of two targets of ours in one worker: both, summed', async () => {
    await using fixture = await openTransport((node) => ({
      targets: [loudsink(node, { index: 'logs-one' }), loudsink(node, { index: 'logs-two' })],
    }))
    const { server, logger } = fixture
    log(logger, 1_000)
    const { ok, ledger } = await flush(logger)
    assert.deepEqual([ok, ledger.stored, ledger.accepted], [true, 2_000, 2_000])
    assert.equal(server.count('logs-one'), 1_000)
    assert.equal(server.count('logs-two'), 1_000)
    assert.equal((await stats(logger)).requests.limit, 2)
  })

  it('flush(logger) says at its deadline what still waits, in one of two targets as well', async () => {
    await using fixture = await openTransport((node) => ({
      targets: [loudsink(node), loudsink({ url: 'http://127.0.0.1:1' })],
    }))
    const { server, logger } = fixture
    log(logger, 100)
    await server.waitForDocuments(100)
    const startedAt = performance.now()
    const { ok, remaining, ledger } = await flush(logger, { timeoutMs: 400 })
    assert.deepEqual([ok, remaining, ledger.stored, ledger.pending], [false, 100, 100, 100])
    assert.ok(performance.now() - startedAt < 1_400)
  })

  it('flush(logger) keeps to its deadline with a single target that cannot deliver', async () => {
    await using fixture = await openTransport(() => loudsink({ url: 'http://127.0.0.1:1' }))
    log(fixture.logger, 10)
    const startedAt = performance.now()
    const { ok, remaining } = await flush(fixture.logger, { timeoutMs: 600 })
    assert.deepEqual([ok, remaining], [false, 10])
    assert.ok(performance.now() - startedAt < 1_600)
  })

  it('logger.flush(callback): a barrier with a single target', async () => {
    await using fixture = await openTransport()
    const { server, logger } = fixture
    log(logger, 10_000)
    const error = await new Promise((resolve) => {
      logger.flush(resolve)
    })
    assert.equal(error, undefined)
    assert.equal(server.oracle({ expected: 10_000 }).stored, 10_000)
  })

  it('twenty flushes at once cause no warning', async () => {
    await using fixture = await openTransport()
    const { server, logger } = fixture
    log(logger, 1)
    assert.ok((await flush(logger)).ok)
    const warnings: Error[] = []
    const onWarning = (warning: Error): void => {
      warnings.push(warning)
    }
    process.on('warning', onWarning)
    const flushes = Array.from({ length: 20 }, (_, i) => {
      log(logger, 10, 1 + 10 * i)
      return flush(logger.child({ i }))
    })
    assert.ok((await Promise.all(flushes)).every(({ ok }) => ok))
    await new Promise(setImmediate)
    process.off('warning', onWarning)
    assert.deepEqual(warnings, [])
    assert.equal(server.oracle({ expected: 201 }).stored, 201)
  })
})
