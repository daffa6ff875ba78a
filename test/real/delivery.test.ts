import assert from 'node:assert/strict'
import { it } from 'node:test'
import { assertDelivered, assertStored, planFor, upTo } from './assert-delivery.ts'
import { runProducer } from './run-producer.ts'
import { describeServers } from './with-server.ts'

await describeServers('delivery through pino', (server) => {
  it('makes 10,000 lines searchable with their time, level and text', async () => {
    const index = server.indexName()
    const result = await runProducer(planFor(server.client(), index, 10_000))
    assertDelivered(result, 10_000)
    await assertStored(server.client(), index, upTo(10_000))
    const troubles = result.events.filter((event) => event.severity !== 'info')
    assert.deepEqual(troubles, [])
  })

  it('fills a data stream', async () => {
    const stream = await server.dataStreamName()
    const result = await runProducer(planFor(server.client(), stream, 1_000))
    assertDelivered(result, 1_000)
    const documents = await assertStored(server.client(), stream, upTo(1_000))
    const backing = [...new Set(documents.map((document) => document.index))]
    assert.equal(backing.length, 1)
    assert.match(backing[0] ?? '', new RegExp(`^\\.ds-${stream}-`))
  })

  it("announces a line that does not fit the mapping, in the server's words, and stores the rest", async () => {
    const index = server.indexName()
    await server
      .client()
      .ask('PUT', `/${index}`, { mappings: { properties: { n: { type: 'long' } } } })
    const plan = { ...planFor(server.client(), index, 1_000), poisonAt: 500 }
    const result = await runProducer(plan)
    assertDelivered(result, 1_000)
    assert.equal(result.flushed.ledger.deadLettered, 1)
    const refused = result.events.filter((event) => event.code === 'items.dead_lettered')
    assert.equal(refused.length, 1)
    assert.equal(refused[0]?.items, 1)
    assert.equal(refused[0]?.failure?.status, 400)
    assert.match(refused[0]?.failure?.code ?? '', /^(document|mapper)_parsing_exception$/)
    assert.match(refused[0]?.failure?.message ?? '', /failed to parse field \[n\] of type \[long\]/)
    await assertStored(
      server.client(),
      index,
      upTo(1_000).filter((seq) => seq !== 500),
    )
  })
})
