import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { it } from 'node:test'
import { batchOf, smallBatch } from '../../helpers/batch-of.ts'
import { never, openBulk, plainAsk } from '../../helpers/bulk-fixture.ts'
import { allCreated, startNode, storeAll } from '../../helpers/node-server.ts'
import { startRaw } from '../../helpers/raw-server.ts'

const answer = `HTTP/1.1 200 OK\r\ncontent-length: ${allCreated(1).length}\r\n\r\n${allCreated(1)}`

/** Answers the first request of a connection; at the second it does what the test says. */
function thenAt2nd(act: (socket: Socket) => void): (socket: Socket) => void {
  return (socket) => {
    let requests = 0
    socket.on('data', () => {
      requests++
      if (requests === 1) socket.write(answer)
      else act(socket)
    })
  }
}

it('keeps a connection, even where the server keeps it for 1 s only', async () => {
  await using node = await startNode((response, seen, socket) => {
    response.setHeader('keep-alive', 'timeout=1')
    storeAll(response, seen, socket)
  })
  await using client = openBulk(node.url)
  for (let i = 0; i < 10; i++) await client.bulk.exchange(smallBatch(1), plainAsk, never)
  assert.equal(node.connections, 1)
})

it('opens a new connection after an answer with connection: close', async () => {
  await using node = await startNode((response, seen, socket) => {
    response.setHeader('connection', 'close')
    storeAll(response, seen, socket)
  })
  await using client = openBulk(node.url)
  for (let i = 0; i < 3; i++) {
    const { kind, socketReused } = await client.bulk.exchange(smallBatch(1), plainAsk, never)
    assert.deepEqual([kind, socketReused], ['answered', false])
  }
  assert.equal(node.connections, 3)
})

it('opens no more sockets than allowed, and serves all who wait', async () => {
  let most = 0
  await using node = await startNode((response, seen, socket) => {
    most = Math.max(most, node.open)
    setTimeout(storeAll, 20, response, seen, socket)
  })
  await using client = openBulk(node.url, { maxSockets: 2 })
  const exchanges = await Promise.all(
    Array.from({ length: 7 }, () => client.bulk.exchange(smallBatch(1), plainAsk, never)),
  )
  assert.deepEqual(new Set(exchanges.map(({ kind }) => kind)), new Set(['answered']))
  assert.equal(node.connections, 2)
  assert.equal(most, 2)
})

it('does not wait for a free socket longer than for a connection', async () => {
  await using node = await startRaw((socket) => socket.resume())
  await using client = openBulk(node.url, { maxSockets: 1, timeouts: { connectMs: 100 } })
  const leave = new AbortController()
  const first = client.bulk.exchange(smallBatch(1), plainAsk, leave.signal)
  const second = await client.bulk.exchange(smallBatch(1), plainAsk, never)
  assert.ok(second.kind === 'broken')
  assert.deepEqual([second.code, second.bodyStarted], ['sockets_busy', false])
  leave.abort()
  await first
})

const stale: { name: string; act: (socket: Socket) => void }[] = [
  { name: 'closes', act: (socket) => socket.end() },
  { name: 'resets', act: (socket) => socket.resetAndDestroy() },
]
for (const { name, act } of stale) {
  it(`tries again at once where the server ${name} a kept connection at the next request`, async () => {
    await using node = await startRaw(thenAt2nd(act))
    await using client = openBulk(node.url)
    await client.bulk.exchange(smallBatch(1), plainAsk, never)
    const second = await client.bulk.exchange(smallBatch(1), plainAsk, never)
    assert.deepEqual(
      [second.kind, second.earlierBodyStarted, second.socketReused],
      ['answered', true, false],
    )
    assert.equal(node.connections, 2)
  })
}

it('asks a quick try after body bytes for the index', async () => {
  const urls: string[] = []
  await using node = await startRaw((socket) => {
    let requests = 0
    socket.on('data', (chunk: Buffer) => {
      requests++
      const [, url = ''] = chunk.toString('latin1').split(' ', 2)
      if (url.startsWith('/')) urls.push(url)
      if (requests === 1) socket.write(answer)
      else socket.resetAndDestroy()
    })
  })
  await using client = openBulk(node.url)
  await client.bulk.exchange(smallBatch(1), plainAsk, never)
  await client.bulk.exchange(smallBatch(1), plainAsk, never)
  assert.deepEqual(
    urls.map((url) => url.includes('items.*._index')),
    [false, false, true],
  )
})

it('sends nothing on a connection that the server closed while it was idle', async () => {
  await using node = await startRaw((socket) => {
    socket.once('data', () => {
      socket.write(answer)
      setTimeout(() => socket.end(), 20)
    })
  })
  await using client = openBulk(node.url)
  await client.bulk.exchange(smallBatch(1), plainAsk, never)
  await new Promise((resolve) => setTimeout(resolve, 60))
  const second = await client.bulk.exchange(smallBatch(1), plainAsk, never)
  assert.deepEqual([second.kind, second.earlierBodyStarted], ['answered', false])
})

for (const how of ['destroy', 'resetAndDestroy'] as const) {
  it(`sends nothing on a connection whose close is on its way (${how})`, async () => {
    const peers: Socket[] = []
    await using node = await startRaw((socket) => {
      peers.push(socket)
      socket.once('data', () => socket.write(answer))
    })
    await using client = openBulk(node.url)
    await client.bulk.exchange(smallBatch(1), plainAsk, never)
    // In one turn of the loop: the client takes up the request, then hears of the close, then would write.
    await new Promise((resolve) => setTimeout(resolve, 20))
    peers[0]?.[how]()
    const second = await client.bulk.exchange(smallBatch(1), plainAsk, never)
    assert.deepEqual(
      [second.kind, second.earlierBodyStarted, node.connections],
      ['answered', false, 2],
    )
  })
}

it('does not try again on a fresh connection that was reset', async () => {
  await using node = await startRaw((socket) => socket.once('data', () => socket.resetAndDestroy()))
  await using client = openBulk(node.url)
  const exchange = await client.bulk.exchange(smallBatch(1), plainAsk, never)
  assert.ok(exchange.kind === 'broken')
  assert.deepEqual(
    [exchange.code, exchange.phase, exchange.bodyStarted, exchange.earlierBodyStarted],
    ['ECONNRESET', 'wait', true, false],
  )
  assert.equal(node.connections, 1)
})

it('says that the server closed the connection without an answer', async () => {
  await using node = await startRaw((socket) => socket.once('data', () => socket.end()))
  await using client = openBulk(node.url)
  const exchange = await client.bulk.exchange(smallBatch(1), plainAsk, never)
  assert.ok(exchange.kind === 'broken')
  assert.deepEqual([exchange.code, exchange.phase], ['connection_closed', 'wait'])
})

it('does not try again once a byte of an answer came', async () => {
  await using node = await startRaw(
    thenAt2nd((socket) => {
      socket.write('HTTP/1.1 20')
      setTimeout(() => socket.end(), 20)
    }),
  )
  await using client = openBulk(node.url)
  await client.bulk.exchange(smallBatch(1), plainAsk, never)
  const second = await client.bulk.exchange(smallBatch(1), plainAsk, never)
  assert.equal(second.kind, 'broken')
  assert.equal(second.socketReused, true)
  assert.equal(node.connections, 1)
})

it('keeps no hold of a body after an early answer', async () => {
  // The batch's memory is used again after the exchange: nothing may still be on its way out.
  const received: Buffer[] = []
  await using node = await startRaw((socket) => {
    socket.once('data', () => {
      socket.pause()
      socket.write('HTTP/1.1 429 Busy\r\ncontent-length: 0\r\n\r\n')
      setTimeout(() => socket.on('data', (chunk: Buffer) => received.push(chunk)).resume(), 60)
    })
  })
  await using client = openBulk(node.url)
  const batch = batchOf([JSON.stringify({ message: 'x'.repeat(16_000_000) })])
  const exchange = await client.bulk.exchange(batch, plainAsk, never)
  assert.equal(exchange.kind === 'refused' && exchange.status, 429)
  batch.body.fill('!')
  await new Promise((resolve) => setTimeout(resolve, 120))
  assert.ok(!Buffer.concat(received).includes('!'))
})
