import assert from 'node:assert/strict'
import { it } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { smallBatch } from '../../helpers/batch-of.ts'
import { never, openBulk, plainAsk } from '../../helpers/bulk-fixture.ts'
import { startNode, storeAll } from '../../helpers/node-server.ts'

it('sends the body as it is, as plain NDJSON with its length', async () => {
  await using node = await startNode(storeAll)
  await using client = openBulk(node.url)
  const batch = smallBatch(3)
  const exchange = await client.bulk.exchange(batch, plainAsk, never)
  assert.equal(exchange.kind, 'answered')

  const [seen] = node.requests
  assert.equal(seen?.method, 'POST')
  assert.equal(
    seen?.url,
    '/_bulk?filter_path=errors,items.*.status,items.*.error,items.*.failure_store&timeout=20000ms',
  )
  assert.deepEqual(seen?.body, batch.body)
  assert.equal(seen?.headers['content-type'], 'application/x-ndjson')
  assert.equal(seen?.headers.accept, 'application/json')
  assert.equal(seen?.headers['content-length'], String(batch.body.length))
  for (const name of [
    'transfer-encoding',
    'accept-encoding',
    'content-encoding',
    'authorization',
    'x-elastic-client-meta',
    'expect',
  ]) {
    assert.equal(seen?.headers[name], undefined, name)
  }
})

it('connects at the first exchange, and asks nothing but what it was told to', async () => {
  await using node = await startNode(storeAll)
  await using client = openBulk(node.url)
  await new Promise(setImmediate)
  assert.equal(node.connections, 0)
  await client.bulk.exchange(smallBatch(1), plainAsk, never)
  await client.bulk.exchange(smallBatch(1), plainAsk, never)
  assert.deepEqual(
    node.requests.map(({ method, url }) => `${method} ${url.split('?')[0]}`),
    ['POST /_bulk', 'POST /_bulk'],
  )
})

it('does not need the product header that OpenSearch does not send', async () => {
  await using node = await startNode(storeAll)
  await using client = openBulk(node.url)
  const { kind } = await client.bulk.exchange(smallBatch(1), plainAsk, never)
  assert.equal(kind, 'answered')
})

it('keeps the path prefix of a node, with and without a slash at its end', async () => {
  await using node = await startNode(storeAll)
  for (const slash of ['', '/']) {
    await using client = openBulk(`${node.url}/insert/elasticsearch${slash}`)
    const exchange = await client.bulk.exchange(smallBatch(1), plainAsk, never)
    assert.equal(exchange.node, `${node.url}/insert/elasticsearch`)
  }
  for (const { url } of node.requests) assert.match(url, /^\/insert\/elasticsearch\/_bulk\?/)
})

it('leaves out the parameters named in omit, and asks for the index where told to', async () => {
  await using node = await startNode(storeAll)
  await using client = openBulk(node.url)
  const ask = { ...plainAsk, withIndex: true }
  await client.bulk.exchange(smallBatch(1), { ...ask, omit: ['timeout'] }, never)
  await client.bulk.exchange(smallBatch(1), { ...ask, omit: ['filter_path', 'timeout'] }, never)
  assert.deepEqual(
    node.requests.map(({ url }) => url),
    [
      '/_bulk?filter_path=errors,items.*.status,items.*.error,items.*.failure_store,items.*._index',
      '/_bulk',
    ],
  )
})

it('compresses where asked to, with the length of what is sent', async () => {
  await using node = await startNode((response, request, socket) => {
    storeAll(response, { ...request, body: gunzipSync(request.body) }, socket)
  })
  await using client = openBulk(node.url)
  const batch = smallBatch(200)
  const { kind } = await client.bulk.exchange(batch, { ...plainAsk, gzip: true }, never)
  assert.equal(kind, 'answered')
  const [seen] = node.requests
  assert.equal(seen?.headers['content-encoding'], 'gzip')
  assert.equal(seen?.headers['content-length'], String(seen?.body.length))
  assert.ok(seen && seen.body.length < batch.body.length / 3)
  assert.deepEqual(gunzipSync(seen.body), batch.body)
})

it('sends each kind of credentials as a header', async () => {
  await using node = await startNode(storeAll)
  for (const auth of [
    { kind: 'basic', username: 'elastic', password: 'pä:ss' },
    { kind: 'apiKey', apiKey: 'aWQ6a2V5' },
    { kind: 'bearer', token: 'tok' },
  ] as const) {
    await using client = openBulk(node.url, { auth })
    await client.bulk.exchange(smallBatch(1), plainAsk, never)
  }
  assert.deepEqual(
    node.requests.map(({ headers }) => headers.authorization),
    [`Basic ${Buffer.from('elastic:pä:ss').toString('base64')}`, 'ApiKey aWQ6a2V5', 'Bearer tok'],
  )
})

it('sends each header of the options once, whatever its case', async () => {
  await using node = await startNode(storeAll)
  await using client = openBulk(node.url, { headers: { 'X-Tenant': 'blue' } })
  await client.bulk.exchange(smallBatch(1), plainAsk, never)
  const names = node.requests[0]?.headerNames.map((name) => name.toLowerCase()) ?? []
  assert.equal(names.filter((name) => name === 'x-tenant').length, 1)
  assert.equal(new Set(names).size, names.length)
  assert.equal(node.requests[0]?.headers['x-tenant'], 'blue')
})

it('refuses options that contradict each other, without repeating a secret', () => {
  const secret = 'hunter2hunter2'
  for (const [nodes, options] of [
    [[], {}],
    [[`http://user:${secret}@127.0.0.1:9`], {}],
    [['http://127.0.0.1:9'], { caFingerprint: 'ab'.repeat(32) }],
  ] as const) {
    assert.throws(
      () => openBulk(nodes, options),
      (error: Error) => error instanceof TypeError && !error.message.includes(secret),
    )
  }
})
