import assert from 'node:assert/strict'
import { once } from 'node:events'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { describe, it } from 'node:test'
import pino from 'pino'
import { imbalance } from '../../../src/core/ledger.ts'
import { createShipper, OptionsError } from '../../../src/index.ts'
import { line, lines, openShipper } from './shipper-fixture.ts'

/** What a stream emits when it is over, in order. */
function endingsOf(stream: NodeJS.EventEmitter): string[] {
  const endings: string[] = []
  for (const name of ['finish', 'error', 'close']) stream.on(name, () => endings.push(name))
  return endings
}

describe('the stream of a Shipper', () => {
  it('delivers what was written before end, then finishes and closes, and calls back without an error', async () => {
    await using fixture = await openShipper()
    const { server, shipper } = fixture
    const endings = endingsOf(shipper.stream)
    shipper.stream.write(lines(50))
    const closed = once(shipper.stream, 'close')
    const called = await new Promise((resolve) => {
      shipper.stream.end(lines(50, 50), (error?: unknown) => {
        resolve(error ?? 'no error')
      })
    })
    await closed
    assert.equal(called, 'no error')
    assert.deepEqual(endings, ['finish', 'close'])
    assert.equal(server.oracle({ expected: 100 }).stored, 100)
  })

  it('is a good end of a pipeline', async () => {
    await using fixture = await openShipper()
    const { server, shipper } = fixture
    await pipeline(Readable.from([lines(10), lines(10, 10)]), shipper.stream)
    assert.equal(server.oracle({ expected: 20 }).stored, 20)
  })

  it('closes without an error when a pipeline breaks or somebody destroys it, and delivers what it has', async () => {
    await using fixture = await openShipper()
    const { server, shipper, errors } = fixture
    const endings = endingsOf(shipper.stream)
    const source = Readable.from(
      (async function* () {
        yield lines(10)
        await new Promise(setImmediate)
        throw new Error('the source is broken')
      })(),
    )
    await assert.rejects(pipeline(source, shipper.stream), /the source is broken/)
    if (!endings.includes('close')) await once(shipper.stream, 'close')
    assert.deepEqual(endings, ['close'])
    assert.equal(server.count(), 10)
    assert.deepEqual(errors, [])
  })

  it('closes after close() of the Shipper too', async () => {
    await using fixture = await openShipper()
    const { shipper } = fixture
    const endings = endingsOf(shipper.stream)
    const closed = once(shipper.stream, 'close')
    await shipper.close()
    await closed
    assert.deepEqual(endings, ['close'])
  })

  it('takes chunks that are cut anywhere, and a last line without its newline', async () => {
    await using fixture = await openShipper()
    const { server, shipper } = fixture
    const bytes = Buffer.from(lines(20))
    for (let at = 0; at < bytes.length - 1; at += 7) {
      shipper.stream.write(bytes.subarray(at, Math.min(at + 7, bytes.length - 1)))
    }
    await shipper.close()
    assert.equal(server.oracle({ expected: 20 }).stored, 20)
  })

  const late = [
    ['end', (stream: NodeJS.WritableStream) => stream.end()],
    ['destroy', (stream: { destroy(): unknown }) => stream.destroy()],
  ] as const

  for (const [how, end] of late) {
    it(`after ${how}: a write calls back, throws nothing, and its line is dropped as closed`, async () => {
      const fixture = await openShipper()
      const { shipper, errors } = fixture
      const closed = once(shipper.stream, 'close')
      end(shipper.stream as never)
      await closed
      const called = new Promise((resolve) => {
        shipper.stream.write(line(0), resolve)
      })
      assert.equal(shipper.stream.write(Buffer.from(lines(2, 1))), true)
      assert.equal(shipper.stream.write(new Uint8Array(Buffer.from(line(3)))), true)
      shipper.stream.end()
      shipper.stream.end()
      shipper.stream.destroy()
      assert.equal(await called, undefined)
      assert.equal(shipper.stats().ledger.dropped.closed, 4)
      assert.equal(imbalance(shipper.stats().ledger), 0)
      await fixture[Symbol.asyncDispose]()
      assert.deepEqual(errors, [])
    })
  }

  it('lines after close are announced with their sum, wherever they come from', async () => {
    const fixture = await openShipper()
    const { shipper, events, errors } = fixture
    const logger = pino(shipper.stream)
    logger.info('before')
    await shipper.close()
    const before = events.length
    for (let seq = 0; seq < 500; seq++) logger.warn({ seq }, 'late')
    while (fixture.lost('closed') < 500) await once(shipper.stream, 'selfLog')
    assert.equal(fixture.lost('closed'), 500)
    const told = events.slice(before)
    assert.deepEqual(
      told.map(({ code, reason, items, levels }) => [code, reason, items, levels?.['warn']]),
      [
        ['items.dropped', 'closed', 1, 1],
        ['items.dropped', 'closed', 499, 499],
      ],
    )
    const { ledger } = shipper.stats()
    assert.deepEqual([ledger.stored, ledger.dropped.closed, imbalance(ledger)], [1, 500, 0])
    await fixture[Symbol.asyncDispose]()
    assert.deepEqual(errors, [])
  })
})

describe('backpressure', () => {
  const options = { memory: { maxBytes: 65_536, whenFull: 'backpressure' } } as const

  it('delays the callback of a write while memory is full, and goes on when there is room', async () => {
    await using fixture = await openShipper(options)
    const { server, shipper } = fixture
    const outage = server.faults.add({ kind: 'status', status: 503 })
    const done: string[] = []
    shipper.stream.write(lines(900), () => done.push('first'))
    shipper.stream.write(lines(10, 900), () => done.push('second'))
    await server.waitFor(({ requests }) => requests.length >= 2)
    assert.deepEqual(done, [])
    assert.equal(shipper.stream.writableNeedDrain, true)
    const drain = once(shipper.stream, 'drain')
    outage.off()
    await drain
    assert.equal(done[0], 'first')
    assert.ok((await shipper.flush()).ok)
    assert.deepEqual(done, ['first', 'second'])
    assert.equal(server.oracle({ expected: 910 }).stored, 910)
    assert.equal(fixture.lost(), 0)
  })

  it('holds a producer that awaits drain within the bound of memory, and loses nothing', async () => {
    await using fixture = await openShipper(options)
    const { server, shipper } = fixture
    server.faults.add({ kind: 'slow', delayMs: 5 })
    let mostBytes = 0
    const source = Readable.from(
      (function* () {
        for (let from = 0; from < 20_000; from += 100) {
          mostBytes = Math.max(mostBytes, shipper.stats().memory.bytes)
          yield lines(100, from)
        }
      })(),
    )
    await pipeline(source, shipper.stream)
    assert.ok(mostBytes < 65_536 + 32_768, `${mostBytes} bytes in memory`)
    const report = server.oracle({ expected: 20_000 })
    assert.deepEqual([report.lost, report.copies], [[], []])
    assert.equal(fixture.lost(), 0)
  })

  it('flush waits for what waits for room too', async () => {
    await using fixture = await openShipper(options)
    const { server, shipper } = fixture
    const outage = server.faults.add({ kind: 'status', status: 503 })
    for (let from = 0; from < 1_200; from += 300) shipper.stream.write(lines(300, from))
    assert.ok(shipper.stream.writableLength > 0)
    const flushed = shipper.flush()
    outage.off()
    const { ok, ledger } = await flushed
    assert.deepEqual([ok, ledger.stored], [true, 1_200])
    assert.equal(server.oracle({ expected: 1_200 }).stored, 1_200)
  })

  it('close lets those go on who wait for room, and delivers what they had written', async () => {
    const fixture = await openShipper(options)
    const { server, shipper } = fixture
    const outage = server.faults.add({ kind: 'status', status: 503 })
    shipper.stream.write(lines(900))
    const called = new Promise((resolve) => {
      shipper.stream.write(lines(10, 900), resolve)
    })
    await server.waitFor(({ requests }) => requests.length >= 1)
    outage.off()
    const report = await shipper.close()
    await called
    assert.deepEqual([report.ok, report.dropped], [true, 0])
    assert.equal(server.oracle({ expected: 910 }).stored, 910)
    assert.equal(fixture.lost(), 0)
    await fixture[Symbol.asyncDispose]()
  })
})

describe('options of a Shipper', () => {
  it('all faults come at once, each with its name, and nothing is started', () => {
    const wrong = { node: 'not a url', flushBites: 5, flushInterval: -1, selfLog: { stdrr: true } }
    assert.throws(
      () => createShipper(wrong as object),
      (error) => {
        assert.ok(error instanceof OptionsError)
        assert.equal(error.code, 'ERR_LOUDSINK_OPTIONS')
        assert.equal(error.faults.length, 4)
        for (const name of ['node', 'flushBites', 'flushInterval', 'selfLog.stdrr']) {
          assert.ok(error.message.includes(name), `${name} is not named in ${error.message}`)
        }
        assert.match(error.message, /flushBytes/)
        return true
      },
    )
  })

  it('an option that nobody knows is refused', () => {
    const unknown = { completelyUnknown: 1 }
    assert.throws(() => createShipper(unknown as object), /completelyUnknown/)
  })

  it('nothing but an object is taken', () => {
    for (const wrong of ['http://es:9200', 5, null, []]) {
      assert.throws(() => createShipper(wrong as object), { code: 'ERR_LOUDSINK_OPTIONS' })
    }
  })
})
