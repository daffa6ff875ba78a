import assert from 'node:assert/strict'
import { assertDelivered, assertStored, planFor, upTo } from './assert-delivery.ts'
import { startForgetfulProxy } from './forgetful-proxy.ts'
import type { ProducerPlan, ProducerResult } from './run-producer.ts'
import { runProducer } from './run-producer.ts'
import { describeServers } from './with-server.ts'

function codes(result: ProducerResult): string[] {
  return result.events.map((event) => event.code)
}

await describeServers('outages seen through pino', (server) => {
  server.itOwning('stores no copy of a batch whose answer was lost', async (node) => {
    const index = server.indexName()
    const proxy = await startForgetfulProxy(node.port)
    try {
      const plan = planFor(node, index, 2_000)
      const result = await runProducer({ ...plan, options: { ...plan.options, node: proxy.url } })
      assert.equal(proxy.dropped, 1)
      assertDelivered(result, 2_000)
      // What the first answer would have told of: stored then, found to be there now.
      assert.ok(result.flushed.ledger.duplicates > 0)
    } finally {
      await proxy.close()
    }
    await assertStored(node, index, upTo(2_000))
  })

  server.itOwning('loses and copies nothing when the server is killed', async (node) => {
    const index = server.indexName()
    await node.ask('PUT', `/${index}`, { settings: { number_of_replicas: 0 } })
    const plan: ProducerPlan = {
      ...planFor(node, index, 10_000),
      pauseEvery: 100,
      pauseMs: 20,
      repeatKeyEvery: 100,
      flushTimeoutMs: 45_000,
    }
    let outage: Promise<void> | undefined
    const running = runProducer(plan, (logged) => {
      if (logged >= 3_000) outage ??= node.kill().then(() => node.restart())
    })
    // The node is up again before anything fails: the suite would leave a half-started one behind.
    await Promise.allSettled([running])
    await outage
    const result = await running
    assertDelivered(result, 10_000)
    assert.equal(result.flushed.ledger.repaired, 100)
    const opening = result.events.find((event) => event.code === 'bulk.failed')
    assert.equal(opening?.kind, 'temporary')
    assert.ok(codes(result).lastIndexOf('bulk.recovered') > codes(result).indexOf('bulk.failed'))
    assert.match(result.stderr, /bulk\.failed/)
    const documents = await assertStored(node, index, upTo(10_000))
    const twice = documents.filter((document) => Number(document.source['seq']) % 100 === 0)
    assert.deepEqual([...new Set(twice.map((document) => document.source['a']))], [2])
  })
})
