/**
 * Proves that a service's log lines survive an outage of Elasticsearch: with node:test, the real transport in
 * its worker thread, and a real HTTP server that fails on demand.
 *
 *     node --import tsx --test examples/test-with-faults.ts
 */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { afterEach, beforeEach, it } from 'node:test'
import pino from 'pino'
import { flush, onSelfLog } from 'pino-loudsink'
import type { FaultyElasticsearch } from 'pino-loudsink/testing'
import { createFaultyElasticsearch } from 'pino-loudsink/testing'

/** What is put to the test: something that logs. */
function handleOrders(log: pino.Logger, from: number, to: number): void {
  for (let seq = from; seq <= to; seq++) log.info({ seq }, `order ${seq} handled`)
}

let server: FaultyElasticsearch
let logger: pino.Logger
let stop: () => Promise<void>
/** Codes of the self-log events, in their order. */
let events: string[]

beforeEach(async () => {
  server = await createFaultyElasticsearch({ mappings: { seq: 'long' } })
  const transport = pino.transport({
    target: 'pino-loudsink',
    options: { node: server.url, index: 'logs-orders-test' },
  })
  logger = pino(transport)
  events = []
  onSelfLog(logger, (event) => events.push(event.code))
  stop = async () => {
    transport.end()
    await once(transport, 'close')
  }
})

afterEach(async () => {
  await stop()
  await server.close()
})

it('survives an Elasticsearch that goes away and comes back', async () => {
  handleOrders(logger, 1, 100)
  await server.waitForDocuments(100)

  await server.down()
  handleOrders(logger, 101, 200)
  await server.waitFor(() => events.includes('bulk.failed'), { what: 'the first complaint' })
  await server.up()

  const { ok, ledger } = await flush(logger, { timeoutMs: 20_000 })
  assert.equal(ok, true)
  assert.equal(ledger.stored + ledger.duplicates, 200)
  const { lost, copies } = server.oracle({ from: 1, to: 200 })
  assert.deepEqual({ lost, copies }, { lost: [], copies: [] })
  await server.waitFor(() => events.includes('bulk.recovered'), { what: 'the all-clear' })
})

it('stores nothing twice when answers get lost on their way', async () => {
  // The documents are stored, but the connection breaks before the transport learns of it: three times.
  server.faults.add({ kind: 'store-then-reset', when: { times: 3 } })
  handleOrders(logger, 1, 300)

  const { ok } = await flush(logger, { timeoutMs: 20_000 })
  assert.equal(ok, true)
  const { lost, copies } = server.oracle({ from: 1, to: 300 })
  assert.deepEqual({ lost, copies }, { lost: [], copies: [] })
})

it('gets through when every third document is turned away at first', async () => {
  server.faults.add({ kind: 'items', everyNth: 3, status: 429, when: { times: 2 } })
  handleOrders(logger, 1, 90)

  const { ok } = await flush(logger, { timeoutMs: 20_000 })
  assert.equal(ok, true)
  assert.deepEqual(server.oracle({ from: 1, to: 90 }).lost, [])
})

it('says so when one document can never be stored, and stores the others', async () => {
  handleOrders(logger, 1, 10)
  logger.info({ seq: 'eleven' }, 'seq is a number everywhere else')
  handleOrders(logger, 12, 20)

  const { ledger } = await flush(logger, { timeoutMs: 20_000 })
  assert.equal(ledger.deadLettered, 1)
  assert.deepEqual(server.oracle({ from: 1, to: 20 }).lost, [11])
  await server.waitFor(() => events.includes('items.dead_lettered'), { what: 'the reason' })
})
