import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import pino from 'pino'
import { imbalance } from '../../../src/core/ledger.ts'
import { flush, onSelfLog, stats } from '../../../src/index.ts'
import { line, lines, openShipper } from './shipper-fixture.ts'

describe('a Shipper in the application’s thread', () => {
  it('delivers what pino logs, once, and its books say so', async () => {
    const fixture = await openShipper()
    const { server, shipper } = fixture
    const logger = pino(shipper.stream)
    for (let seq = 0; seq < 2_000; seq++) logger.info({ seq }, 'hello')
    const result = await shipper.flush()
    assert.deepEqual({ ok: result.ok, remaining: result.remaining }, { ok: true, remaining: 0 })
    assert.equal(result.ledger.stored, 2_000)
    assert.equal(imbalance(result.ledger), 0)
    const report = server.oracle({ expected: 2_000 })
    assert.deepEqual([report.lost, report.copies, report.unknown], [[], [], 0])
    await fixture[Symbol.asyncDispose]()
    assert.deepEqual(fixture.errors, [])
  })

  it('takes the names that the application has given to pino, before the first line', async () => {
    await using fixture = await openShipper({ format: 'ecs' })
    const { server, shipper } = fixture
    const logger = pino({ messageKey: 'text', customLevels: { notice: 35 } }, shipper.stream)
    logger.notice('hello')
    assert.ok((await shipper.flush()).ok)
    const [document] = [...server.documents()]
    assert.equal(document?.source['message'], 'hello')
    assert.equal(document?.source['log.level'], 'notice')
  })

  it('prefers the names of its own options', async () => {
    await using fixture = await openShipper({
      format: 'ecs',
      messageKey: 'text',
      levels: { loud: 35 },
    })
    const { server, shipper } = fixture
    const logger = pino({ messageKey: 'other', customLevels: { notice: 35 } }, shipper.stream)
    logger.notice({ text: 'mine' }, 'theirs')
    assert.ok((await shipper.flush()).ok)
    const [document] = [...server.documents()]
    assert.equal(document?.source['message'], 'mine')
    assert.equal(document?.source['log.level'], 'loud')
  })

  it('stats and flush through the logger are those of the Shipper', async () => {
    await using fixture = await openShipper()
    const logger = pino(fixture.shipper.stream).child({ a: 1 })
    logger.info({ seq: 0 })
    const flushed = await flush(logger)
    assert.deepEqual(flushed, { ok: true, remaining: 0, ledger: (await stats(logger)).ledger })
    assert.equal(flushed.ledger.stored, 1)
    const { memory, requests, breaker, incidents } = await stats(logger)
    assert.deepEqual(
      { bytes: memory.bytes, inFlight: requests.inFlight, breaker, incidents },
      {
        bytes: 0,
        inFlight: 0,
        breaker: 'closed',
        incidents: [],
      },
    )
  })

  it('flush says at its deadline how many lines still wait, and takes no fate from them', async () => {
    await using fixture = await openShipper()
    const { server, shipper } = fixture
    const outage = server.faults.add({ kind: 'status', status: 503 })
    shipper.stream.write(lines(7))
    const early = await shipper.flush({ timeoutMs: 300 })
    assert.deepEqual([early.ok, early.remaining, early.ledger.pending], [false, 7, 7])
    outage.off()
    const late = await shipper.flush()
    assert.deepEqual([late.ok, late.remaining, late.ledger.stored], [true, 0, 7])
  })

  it('flush waits for what was logged before it, and for nothing that comes later', async () => {
    await using fixture = await openShipper({ flushInterval: 3_600_000 })
    const { server, shipper } = fixture
    shipper.stream.write(lines(3))
    const first = shipper.flush()
    const hang = server.faults.add({ kind: 'hang', when: { requests: [2] } })
    shipper.stream.write(lines(3, 3))
    assert.equal((await first).ok, true)
    hang.off()
  })

  it('says what fails and when it is over, with one incident', async () => {
    await using fixture = await openShipper()
    const { server, shipper, events } = fixture
    const outage = server.faults.add({ kind: 'status', status: 503 })
    shipper.stream.write(lines(5))
    await server.waitFor(({ requests }) => requests.length >= 3)
    outage.off()
    assert.ok((await shipper.flush()).ok)
    const failed = events.find(({ code }) => code === 'bulk.failed')
    const recovered = events.find(({ code }) => code === 'bulk.recovered')
    assert.equal(failed?.failure?.status, 503)
    assert.equal(failed.fate, 'held_memory')
    assert.equal(failed.items, 5)
    assert.equal(recovered?.incident?.id, failed.incident?.id)
    assert.ok((recovered?.incident?.attempts ?? 0) >= 3)
    assert.equal(recovered?.incident?.peakItems, 5)
    assert.equal(recovered?.incident?.lost, 0)
  })

  it('tells a late listener of the trouble that is open', async () => {
    await using fixture = await openShipper()
    const { server, shipper } = fixture
    server.faults.add({ kind: 'status', status: 503 })
    shipper.stream.write(lines(5))
    await server.waitFor(({ requests }) => requests.length >= 2)
    const heard: string[] = []
    const off = onSelfLog(shipper, ({ code, replayed }) => heard.push(`${code} ${replayed}`))
    assert.deepEqual(heard, ['bulk.failed true'])
    off()
    assert.equal(shipper.stream.listenerCount('selfLog'), 1)
  })

  it('a listener that throws keeps nothing from the others, and stops no delivery', async () => {
    await using fixture = await openShipper()
    const { server, shipper, events } = fixture
    const warnings: Error[] = []
    const onWarning = (warning: Error): void => {
      warnings.push(warning)
    }
    process.on('warning', onWarning)
    shipper.stream.prependListener('selfLog', () => {
      throw new Error('the listener is broken')
    })
    const outage = server.faults.add({ kind: 'status', status: 503, when: { times: 2 } })
    shipper.stream.write(lines(5))
    assert.ok((await shipper.flush()).ok)
    assert.equal(outage.applied, 2)
    assert.equal(server.count(), 5)
    assert.ok(events.some(({ code }) => code === 'bulk.failed'))
    await new Promise(setImmediate)
    process.off('warning', onWarning)
    assert.ok(warnings.length >= 2)
    assert.ok(warnings.every(({ message }) => message === 'the listener is broken'))
  })

  it('keeps a line that is no JSON, and says so once with the sum', async () => {
    const fixture = await openShipper()
    const { server, shipper, events } = fixture
    shipper.stream.write(`not json\n${line(1)}nor this\nnor that\n`)
    assert.ok((await shipper.flush()).ok)
    assert.equal(server.count(), 4)
    await fixture[Symbol.asyncDispose]()
    const wrapped = events.filter(({ code }) => code === 'lines.wrapped')
    assert.deepEqual(
      wrapped.map(({ items }) => items),
      [1, 2],
    )
    assert.match(wrapped[0]?.message ?? '', /not json/)
  })

  it('reports options that it ignores', async () => {
    const options = { type: '_doc', esVersion: 8 }
    await using fixture = await openShipper(options as object)
    await new Promise(setImmediate)
    const ignored = fixture.events.find(({ code }) => code === 'options.ignored')
    assert.match(ignored?.message ?? '', /type, esVersion/)
  })

  it('drops at full memory are announced with their exact number, cause and levels', async () => {
    const fixture = await openShipper({ memory: { maxBytes: 65_536 } })
    const { server, shipper, events } = fixture
    const outage = server.faults.add({ kind: 'status', status: 503 })
    shipper.stream.write(lines(100))
    await server.waitFor(({ requests }) => requests.length >= 2)
    for (let from = 100; from < 2_000; from += 100) shipper.stream.write(lines(100, from))
    outage.off()
    const { ok, ledger } = await shipper.flush()
    assert.equal(ok, true)
    await fixture[Symbol.asyncDispose]()
    assert.ok(ledger.dropped.memory_full > 0)
    assert.equal(ledger.stored + ledger.dropped.memory_full, 2_000)
    assert.equal(fixture.lost('memory_full'), ledger.dropped.memory_full)
    const drops = events.filter(({ code }) => code === 'items.dropped')
    assert.equal(
      drops.reduce((sum, { levels }) => sum + (levels?.['info'] ?? 0), 0),
      ledger.dropped.memory_full,
    )
    assert.ok(drops.every(({ cause }) => cause === 'bulk.failed'))
    assert.equal(server.oracle({ expected: 2_000 }).lost.length, ledger.dropped.memory_full)
    const drained = events.find(({ code }) => code === 'memory.drained')
    assert.equal(drained?.incident?.lost, ledger.dropped.memory_full)
  })
})
