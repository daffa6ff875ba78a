import assert from 'node:assert/strict'
import { it } from 'node:test'
import { smallBatch } from '../../helpers/batch-of.ts'
import { never, openBulk, plainAsk } from '../../helpers/bulk-fixture.ts'
import { startNode, storeAll } from '../../helpers/node-server.ts'
import { startRaw } from '../../helpers/raw-server.ts'

/** The URL of a port on which nobody listens. */
async function deadUrl(): Promise<string> {
  const gone = await startRaw(() => undefined)
  await gone[Symbol.asyncDispose]()
  return gone.url
}

it('takes the nodes in turn', async () => {
  await using a = await startNode(storeAll)
  await using b = await startNode(storeAll)
  await using client = openBulk([a.url, b.url])
  for (let i = 0; i < 6; i++) await client.bulk.exchange(smallBatch(1), plainAsk, never)
  assert.deepEqual([a.requests.length, b.requests.length], [3, 3])
})

it('goes to the next node at once where a connection fails, and spares the dead one for 10 s', async () => {
  const dead = await deadUrl()
  await using live = await startNode(storeAll)
  const lookedUp: string[] = []
  await using client = openBulk([`http://localhost:${new URL(dead).port}`, live.url], {
    lookup: (name, options, callback) => {
      lookedUp.push(name)
      if (options.all) setImmediate(callback, null, [{ address: '127.0.0.1', family: 4 }])
      else setImmediate(callback, null, '127.0.0.1', 4)
    },
  })
  const send = () => client.bulk.exchange(smallBatch(1), plainAsk, never)
  const first = await send()
  assert.deepEqual(
    [first.kind, first.node, first.earlierBodyStarted],
    ['answered', live.url, false],
  )
  for (let i = 0; i < 5; i++) assert.equal((await send()).kind, 'answered')
  assert.equal(lookedUp.length, 1)
  client.clock.skip(10_000)
  await send()
  await send()
  assert.equal(lookedUp.length, 2)
})

it('goes on to a third node, and no further', async () => {
  const dead = await Promise.all([deadUrl(), deadUrl(), deadUrl()])
  await using live = await startNode(storeAll)
  await using three = openBulk([...dead.slice(1), live.url])
  assert.equal((await three.bulk.exchange(smallBatch(1), plainAsk, never)).node, live.url)
  await using four = openBulk([...dead, live.url])
  const broken = await four.bulk.exchange(smallBatch(1), plainAsk, never)
  assert.deepEqual([broken.kind, broken.node], ['broken', dead[2]])
})

it('tries the one that failed longest ago where all are cooling', async () => {
  const dead = await Promise.all([deadUrl(), deadUrl()])
  await using client = openBulk(dead)
  const send = async () => (await client.bulk.exchange(smallBatch(1), plainAsk, never)).node
  assert.equal(await send(), dead[1])
  client.clock.skip(1000)
  assert.equal(await send(), dead[0])
  client.clock.skip(1000)
  assert.equal(await send(), dead[1])
})

it('spares a node that did not answer in time, without a second try of the same batch', async () => {
  await using silent = await startNode(() => undefined)
  await using live = await startNode(storeAll)
  await using client = openBulk([silent.url, live.url], { timeouts: { responseMs: 80 } })
  const first = await client.bulk.exchange(smallBatch(1), plainAsk, never)
  assert.deepEqual([first.kind, first.node], ['broken', silent.url])
  for (let i = 0; i < 4; i++) {
    const { node } = await client.bulk.exchange(smallBatch(1), plainAsk, never)
    assert.equal(node, live.url)
  }
})

it('sends each node its own prefix and the same credentials', async () => {
  await using a = await startNode(storeAll)
  await using client = openBulk([`${a.url}/a`, `${a.url}/b`, `${a.url}/a`], {
    auth: { kind: 'apiKey', apiKey: 'k3y' },
  })
  for (let i = 0; i < 3; i++) await client.bulk.exchange(smallBatch(1), plainAsk, never)
  assert.deepEqual(
    a.requests.map(({ url, headers }) => [url.split('?')[0], headers.authorization]),
    [
      ['/a/_bulk', 'ApiKey k3y'],
      ['/b/_bulk', 'ApiKey k3y'],
      ['/a/_bulk', 'ApiKey k3y'],
    ],
  )
})
