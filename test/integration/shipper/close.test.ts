import assert from 'node:assert/strict'
import { once } from 'node:events'
import { describe, it } from 'node:test'
import { imbalance } from '../../../src/core/ledger.ts'
import type { Fault } from '../../../src/testing/index.ts'
import { lines, openShipper } from './shipper-fixture.ts'

describe('close', () => {
  it('delivers what is left, and is the same promise for all who call it', async () => {
    await using fixture = await openShipper({ flushInterval: 3_600_000 })
    const { server, shipper } = fixture
    shipper.stream.write(lines(100))
    const first = shipper.close()
    assert.equal(shipper.close(), first)
    assert.equal(shipper.close({ timeoutMs: 1 }), first)
    const report = await first
    assert.deepEqual(
      { ok: report.ok, remaining: report.remaining, dropped: report.dropped },
      { ok: true, remaining: 0, dropped: 0 },
    )
    assert.equal(report.ledger.stored, 100)
    assert.equal(server.oracle({ expected: 100 }).stored, 100)
    assert.deepEqual(await shipper.close(), report)
  })

  it('flush and stats after it answer as before', async () => {
    await using fixture = await openShipper()
    const { shipper } = fixture
    shipper.stream.write(lines(3))
    const { ledger } = await shipper.close()
    assert.deepEqual(await shipper.flush(), { ok: true, remaining: 0, ledger })
    assert.deepEqual(shipper.stats().ledger, ledger)
  })

  it('at once, before the client is loaded, loses nothing', async () => {
    await using fixture = await openShipper()
    fixture.shipper.stream.write(lines(10))
    assert.equal((await fixture.shipper.close()).ok, true)
    assert.equal(fixture.server.count(), 10)
  })

  it('does not wait for a back-off: it tries once more at once', async () => {
    const retry = { minDelayMs: 60_000, maxDelayMs: 60_000 }
    await using fixture = await openShipper({ retry })
    const { server, shipper } = fixture
    server.faults.add({ kind: 'status', status: 503, when: { times: 1 } })
    shipper.stream.write(lines(10))
    while (!fixture.codes().includes('bulk.failed')) await once(shipper.stream, 'selfLog')
    const report = await shipper.close({ timeoutMs: 5_000 })
    assert.equal(report.ok, true)
    assert.equal(server.count(), 10)
    assert.ok(report.durationMs < 2_000, `${report.durationMs} ms`)
  })

  /** A server of which nothing comes any more, each in its own way. */
  const silences: readonly { readonly fault: Fault; readonly ambiguous: boolean }[] = [
    { fault: { kind: 'hang' }, ambiguous: true },
    { fault: { kind: 'hang-body', store: true }, ambiguous: true },
    { fault: { kind: 'black-hole' }, ambiguous: true },
    { fault: { kind: 'reset-on-accept' }, ambiguous: false },
    { fault: { kind: 'status', status: 401 }, ambiguous: true },
  ]

  for (const { fault, ambiguous } of silences) {
    it(`ends at its deadline whatever the server does, and announces each line: ${fault.kind}`, async () => {
      const fixture = await openShipper({}, { faults: [fault] })
      const { server, shipper, events } = fixture
      shipper.stream.write(lines(25))
      await server.waitFor(({ connectionsAccepted }) => connectionsAccepted > 0)
      const startedAt = performance.now()
      const closed = once(shipper.stream, 'close')
      const report = await shipper.close({ timeoutMs: 400 })
      const tookMs = performance.now() - startedAt
      await closed
      assert.ok(tookMs > 350 && tookMs < 1_500, `${tookMs} ms`)
      assert.deepEqual([report.ok, report.dropped, report.remaining], [false, 25, 0])
      assert.equal(report.ledger.dropped.shutdown_deadline, 25)
      assert.equal(imbalance(report.ledger), 0)
      assert.equal(fixture.lost('shutdown_deadline'), 25)
      const dropped = events.find(({ code }) => code === 'items.dropped')
      assert.equal(dropped?.kind, 'final')
      assert.equal(dropped.ambiguous, ambiguous ? 25 : undefined)
      assert.equal(events.find(({ code }) => code === 'shutdown.incomplete')?.items, 25)
      await fixture[Symbol.asyncDispose]()
      assert.deepEqual(fixture.errors, [])
    })
  }

  it('ends each trouble that is open as final, with what it has cost', async () => {
    const fixture = await openShipper({}, { faults: [{ kind: 'status', status: 503 }] })
    const { shipper, events } = fixture
    shipper.stream.write(lines(25))
    while (!fixture.codes().includes('bulk.failed')) await once(shipper.stream, 'selfLog')
    await shipper.close({ timeoutMs: 100 })
    const ends = events.filter(({ code }) => code === 'bulk.recovered')
    assert.deepEqual(
      ends.map(({ kind, incident }) => [kind, incident?.lost]),
      [['final', 25]],
    )
    assert.deepEqual(shipper.stats().incidents, [])
    await fixture[Symbol.asyncDispose]()
  })

  it('twenty Shippers at once cause no warning, and leave no listener behind', async () => {
    const warnings: Error[] = []
    const onWarning = (warning: Error): void => {
      warnings.push(warning)
    }
    process.on('warning', onWarning)
    const before = process.listenerCount('exit') + process.listenerCount('beforeExit')
    const fixtures = await Promise.all(Array.from({ length: 20 }, () => openShipper()))
    for (const { shipper } of fixtures) shipper.stream.write(lines(5))
    const flushed = await Promise.all(fixtures.map(({ shipper }) => shipper.flush()))
    assert.ok(flushed.every(({ ok }) => ok))
    for (const { server } of fixtures) assert.equal(server.count(), 5)
    await Promise.all(fixtures.map((fixture) => fixture[Symbol.asyncDispose]()))
    await new Promise(setImmediate)
    process.off('warning', onWarning)
    assert.deepEqual(warnings, [])
    assert.equal(process.listenerCount('exit') + process.listenerCount('beforeExit'), before)
  })
})
