import assert from 'node:assert/strict'
import { it } from 'node:test'
import { authorization } from './server-client.ts'
import { describeServers } from './with-server.ts'

interface Item {
  readonly status: number
  readonly _index: string
  readonly error?: { readonly type: string; readonly reason: string }
}

/** A `_bulk` body that creates documents with these ids. */
function bodyFor(ids: readonly number[]): string {
  return ids
    .map(
      (id) => `{"create":{"_id":"${id}"}}\n{"@timestamp":"2026-01-02T03:04:05.678Z","seq":${id}}\n`,
    )
    .join('')
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i)
}

await describeServers('a server for the tests', (server) => {
  /** Creates documents with nothing but fetch; gives the status of each item. */
  async function create(index: string, ids: readonly number[]): Promise<Item[]> {
    const { url, credentials } = server.client()
    const response = await fetch(`${url}/${index}/_bulk`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson', ...authorization(credentials) },
      body: bodyFor(ids),
      signal: AbortSignal.timeout(30_000),
    })
    assert.equal(response.status, 200)
    const { items } = (await response.json()) as { items: { create: Item }[] }
    return items.map((item) => item.create)
  }

  it('stores what is created and finds it again', async () => {
    const index = server.indexName()
    const items = await create(index, range(0, 100))
    assert.deepEqual([...new Set(items.map((item) => item.status))], [201])
    await server.client().refresh(index)
    assert.equal(await server.client().count(index), 100)
  })

  it('answers 409 to each document that is sent again, and keeps one', async () => {
    const index = server.indexName()
    await create(index, range(0, 10))
    const items = await create(index, range(5, 15))
    assert.deepEqual(
      items.map((item) => item.status),
      [...range(5, 10).map(() => 409), ...range(10, 15).map(() => 201)],
    )
    assert.equal(items[0]?.error?.type, 'version_conflict_engine_exception')
    await server.client().refresh(index)
    assert.equal(await server.client().count(index), 15)
  })

  it('gives back more documents than one search may return, each once', async () => {
    const index = server.indexName()
    for (let from = 0; from < 12_000; from += 4_000) await create(index, range(from, from + 4_000))
    await server.client().refresh(index)
    const documents = await server.client().allDocuments(index, { fields: ['seq'] })
    assert.equal(documents.length, 12_000)
    assert.equal(new Set(documents.map((document) => document.source['seq'])).size, 12_000)
    assert.equal(documents[0]?.timestampMs, Date.parse('2026-01-02T03:04:05.678Z'))
  })

  it('makes a data stream of a name that a template covers', async () => {
    const stream = await server.dataStreamName()
    const items = await create(stream, range(0, 3))
    assert.deepEqual(
      items.map((item) => item.status),
      [201, 201, 201],
    )
    assert.match(items[0]?._index ?? '', new RegExp(`^\\.ds-${stream}-`))
    await server.client().refresh(stream)
    assert.equal(await server.client().count(stream), 3)
  })

  server.itOwning('keeps every acknowledged document through kill -9', async (node) => {
    const index = server.indexName()
    await node.ask('PUT', `/${index}`, { settings: { number_of_replicas: 0 } })
    await create(index, range(0, 1_000))
    const { pid } = node
    await node.kill()
    await assert.rejects(node.count(index), /ECONNREFUSED/)
    await node.restart()
    assert.notEqual(node.pid, pid)
    await node.refresh(index)
    assert.equal(await node.count(index), 1_000)
  })

  server.itOwning(
    'answers nothing while frozen, and then what was asked meanwhile',
    async (node) => {
      const index = server.indexName()
      await create(index, range(0, 1))
      node.freeze()
      const asked = create(index, range(1, 2))
      const early = await Promise.race([
        asked,
        new Promise((resolve) => setTimeout(() => resolve('nothing'), 500)),
      ])
      node.thaw()
      assert.equal(early, 'nothing')
      assert.equal((await asked)[0]?.status, 201)
    },
  )
})
