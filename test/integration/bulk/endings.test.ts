import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import process from 'node:process'
import { it } from 'node:test'
import { inspect } from 'node:util'
import { batchOf, smallBatch } from '../../helpers/batch-of.ts'
import type { BulkFixture } from '../../helpers/bulk-fixture.ts'
import { never, openBulk, plainAsk } from '../../helpers/bulk-fixture.ts'
import { startNode, storeAll } from '../../helpers/node-server.ts'
import { startRaw } from '../../helpers/raw-server.ts'

/** Aborts after a moment; gives the code, the phase and whether body bytes had left. */
async function abortedIn({ bulk, clock }: BulkFixture, bytes = 10) {
  const batch = batchOf([JSON.stringify({ message: 'x'.repeat(bytes) })])
  const leave = new AbortController()
  setTimeout(() => leave.abort(new Error('enough')), 60)
  const from = performance.now()
  const exchange = await bulk.exchange(batch, plainAsk, leave.signal)
  assert.ok(performance.now() - from < 400)
  assert.ok(exchange.kind === 'broken', JSON.stringify(exchange))
  assert.equal(exchange.code, 'aborted')
  assert.equal(getEventListeners(leave.signal, 'abort').length, 0)
  assert.equal(clock.openTimers, 0)
  return [exchange.phase, exchange.bodyStarted]
}

it('ends at an abort, in the phase that it had got to', async () => {
  await using deaf = await startRaw((socket) => socket.pause())
  await using silent = await startRaw((socket) => socket.resume())
  await using stalled = await startNode((response) => response.write('{'))
  await using noName = openBulk('http://es.test:9200', { lookup: () => undefined })
  assert.deepEqual(await abortedIn(noName), ['dns', false])
  await using noTls = openBulk(`https://127.0.0.1:${silent.port}`)
  assert.deepEqual(await abortedIn(noTls), ['tls', false])
  await using writing = openBulk(deaf.url)
  assert.deepEqual(await abortedIn(writing, 16_000_000), ['write', true])
  await using waiting = openBulk(silent.url)
  assert.deepEqual(await abortedIn(waiting), ['wait', true])
  await using reading = openBulk(stalled.url)
  assert.deepEqual(await abortedIn(reading), ['read', true])
})

it('ends at an abort while it waits for a free socket', async () => {
  await using silent = await startRaw((socket) => socket.resume())
  await using client = openBulk(silent.url, { maxSockets: 1 })
  const first = client.bulk.exchange(smallBatch(1), plainAsk, AbortSignal.timeout(150))
  const leave = new AbortController()
  const second = client.bulk.exchange(smallBatch(1), plainAsk, leave.signal)
  await new Promise(setImmediate)
  leave.abort()
  const exchange = await second
  assert.deepEqual(
    exchange.kind === 'broken' && [exchange.code, exchange.phase, exchange.bodyStarted],
    ['aborted', 'connect', false],
  )
  await first
})

it('sends nothing where the signal is aborted already, compressed or not', async () => {
  await using node = await startNode(storeAll)
  await using client = openBulk(node.url)
  for (const gzip of [false, true]) {
    const exchange = await client.bulk.exchange(
      smallBatch(1),
      { ...plainAsk, gzip },
      AbortSignal.abort(),
    )
    assert.ok(exchange.kind === 'broken')
    assert.deepEqual([exchange.code, exchange.bodyStarted], ['aborted', false])
  }
  assert.equal(node.connections, 0)
})

it('destroys the socket of an aborted request, and the idle ones with it', async () => {
  let silent = false
  await using node = await startNode((response, seen, socket) => {
    if (!silent) setTimeout(storeAll, 20, response, seen, socket)
  })
  await using client = openBulk(node.url)
  const send = (signal: AbortSignal) => client.bulk.exchange(smallBatch(1), plainAsk, signal)
  await Promise.all([send(never), send(never)])
  silent = true
  await send(AbortSignal.timeout(60))
  silent = false
  const next = await send(never)
  assert.deepEqual([next.socketReused, node.connections, node.open], [false, 3, 1])
})

it('leaves no listener and no warning behind on one signal, in turn or at once', async () => {
  const warnings: Error[] = []
  const note = (warning: Error): void => void warnings.push(warning)
  process.on('warning', note)
  await using node = await startNode(storeAll)
  await using client = openBulk(node.url, { maxSockets: 20 })
  const { signal } = new AbortController()
  for (let i = 0; i < 100; i++) await client.bulk.exchange(smallBatch(1), plainAsk, signal)
  const atOnce = Array.from({ length: 20 }, () =>
    client.bulk.exchange(smallBatch(1), plainAsk, signal),
  )
  assert.ok((await Promise.all(atOnce)).every(({ kind }) => kind === 'answered'))
  assert.equal(getEventListeners(signal, 'abort').length, 0)
  await new Promise(setImmediate)
  process.off('warning', note)
  assert.deepEqual(warnings, [])
})

it('closes every connection promptly, as often as it is asked', async () => {
  let silent = false
  await using node = await startNode((response, seen, socket) => {
    if (!silent) storeAll(response, seen, socket)
  })
  await using client = openBulk(node.url)
  const send = () => client.bulk.exchange(smallBatch(1), plainAsk, never)
  await Promise.all([send(), send()])
  silent = true
  const open = send()
  await new Promise((resolve) => setTimeout(resolve, 30))
  const from = performance.now()
  await Promise.all([client.bulk.close(), client.bulk.close()])
  await client.bulk.close()
  assert.ok(performance.now() - from < 110)
  const ended = await open
  assert.deepEqual(ended.kind === 'broken' && [ended.code, ended.phase], ['aborted', 'wait'])
  await new Promise((resolve) => setTimeout(resolve, 20))
  assert.equal(node.open, 0)
  const after = await send()
  assert.equal(after.kind === 'broken' && after.code, 'aborted')
  assert.equal(client.clock.openTimers, 0)
})

it('closes a connection that is being made', async () => {
  await using node = await startRaw((socket) => socket.resume())
  await using client = openBulk(`https://127.0.0.1:${node.port}`)
  const open = client.bulk.exchange(smallBatch(1), plainAsk, never)
  await new Promise((resolve) => setTimeout(resolve, 30))
  await client.bulk.close()
  assert.equal((await open).kind, 'broken')
  await new Promise((resolve) => setTimeout(resolve, 20))
  assert.equal(node.open, 0)
})

it('shows no secret: not when inspected, not in a failure, not where a server repeats it', async () => {
  const secrets = ['s3cret-passw0rd', 'tenant-t0ken-12345']
  const auth = { kind: 'basic', username: 'elastic', password: 's3cret-passw0rd' } as const
  const headers = { 'x-tenant-token': 'tenant-t0ken-12345' }
  await using parrot = await startNode((response, seen) => {
    const status = Number(seen.url.match(/prefix-(\d+)/)?.[1])
    response.writeHead(status, { 'content-type': 'text/plain' })
    response.end(`refused: ${JSON.stringify(seen.headers)} s3cret-passw0rd`)
  })
  const texts: string[] = []
  for (const url of [
    `${parrot.url}/prefix-401`,
    `${parrot.url}/prefix-200`,
    'http://127.0.0.1:1',
  ]) {
    await using client = openBulk(url, { auth, headers })
    const exchange = await client.bulk.exchange(smallBatch(1), plainAsk, never)
    texts.push(inspect(exchange, { depth: 20 }), JSON.stringify(exchange))
    texts.push(inspect(client.bulk, { depth: 20, showHidden: true }))
  }
  const basic = Buffer.from('elastic:s3cret-passw0rd').toString('base64')
  for (const text of texts) {
    for (const secret of [...secrets, basic]) assert.ok(!text.includes(secret), text)
  }
  assert.ok(texts.some((text) => text.includes('[redacted]')))
})
