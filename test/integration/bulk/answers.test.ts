import assert from 'node:assert/strict'
import { it } from 'node:test'
import { batchOf, smallBatch } from '../../helpers/batch-of.ts'
import { never, openBulk, plainAsk } from '../../helpers/bulk-fixture.ts'
import { allCreated, startNode, storeAll } from '../../helpers/node-server.ts'
import { startRaw } from '../../helpers/raw-server.ts'

const okHead = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n'

it('gives the item of each document, the facts of the way, and the time of each phase', async () => {
  await using node = await startNode((response) => {
    setTimeout(() => {
      response.end(
        '{"errors":true,"items":[{"create":{"status":201}},{"create":{"status":429,"error":{"type":"es_rejected_execution_exception","reason":"full"}}}]}',
      )
    }, 40)
  })
  await using client = openBulk(`http://localhost:${node.port}`, {
    lookup: (_name, options, callback) => {
      setTimeout(() => {
        if (options.all) callback(null, [{ address: '127.0.0.1', family: 4 }])
        else callback(null, '127.0.0.1', 4)
      }, 30)
    },
  })
  const exchange = await client.bulk.exchange(smallBatch(2), plainAsk, never)
  assert.ok(exchange.kind === 'answered')
  assert.deepEqual(exchange.items, [
    { status: 201 },
    {
      status: 429,
      type: 'es_rejected_execution_exception',
      reason: 'full',
      causes: ['es_rejected_execution_exception'],
    },
  ])
  assert.equal(exchange.address, `127.0.0.1:${node.port}`)
  assert.equal(exchange.socketReused, false)
  assert.equal(exchange.earlierBodyStarted, false)
  const { dnsMs, connectMs, tlsMs, waitMs } = exchange.phases
  assert.ok(dnsMs >= 15 && dnsMs < 500, `dns ${dnsMs}`)
  assert.ok(connectMs > 0 && connectMs < 500, `connect ${connectMs}`)
  assert.equal(tlsMs, 0)
  assert.ok(waitMs >= 25 && waitMs < 500, `wait ${waitMs}`)
})

it('counts no name, connection or TLS for a socket that was there', async () => {
  await using node = await startNode(storeAll)
  await using client = openBulk(node.url)
  await client.bulk.exchange(smallBatch(1), plainAsk, never)
  const second = await client.bulk.exchange(smallBatch(1), plainAsk, never)
  assert.equal(second.socketReused, true)
  assert.equal(second.address, `127.0.0.1:${node.port}`)
  const { dnsMs, connectMs, tlsMs } = second.phases
  assert.deepEqual({ dnsMs, connectMs, tlsMs }, { dnsMs: 0, connectMs: 0, tlsMs: 0 })
})

it('takes every status as data, with the delay that the server asks for', async () => {
  await using node = await startNode((response) => {
    response.writeHead(503, { 'retry-after': '7', 'content-type': 'text/html' })
    response.end('<html><head><title>503 Service Unavailable</title></head></html>')
  })
  await using client = openBulk(node.url)
  const exchange = await client.bulk.exchange(smallBatch(1), plainAsk, never)
  assert.ok(exchange.kind === 'refused')
  assert.equal(exchange.status, 503)
  assert.equal(exchange.reason, '503 Service Unavailable')
  assert.equal(exchange.retryAfterMs, 7000)
  assert.equal(node.requests.length, 1)
})

it('does not follow a redirection', async () => {
  await using node = await startNode((response) => {
    response.writeHead(301, { location: '/elsewhere' }).end()
  })
  await using client = openBulk(node.url)
  const exchange = await client.bulk.exchange(smallBatch(1), plainAsk, never)
  assert.ok(exchange.kind === 'refused')
  assert.equal(exchange.status, 301)
  assert.equal(node.requests.length, 1)
})

it('skips informational answers', async () => {
  await using node = await startRaw((socket) => {
    socket.once('data', () => {
      const body = allCreated(1)
      socket.write('HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n')
      socket.write(`${okHead}content-length: ${body.length}\r\n\r\n${body}`)
    })
  })
  await using client = openBulk(node.url)
  const { kind } = await client.bulk.exchange(smallBatch(1), plainAsk, never)
  assert.equal(kind, 'answered')
})

it('takes an answer that comes before the upload has ended, and drops the socket', async () => {
  const body = 'request too large'
  for (const head of [
    'HTTP/1.1 413 Too Large\r\nconnection: close\r\n',
    'HTTP/1.1 413 Too Large\r\n',
  ]) {
    await using node = await startRaw((socket) => {
      socket.once('data', () => {
        socket.pause()
        socket.write(`${head}content-length: ${body.length}\r\n\r\n${body}`)
      })
    })
    await using client = openBulk(node.url)
    const batch = batchOf([JSON.stringify({ message: 'x'.repeat(16_000_000) })])
    const exchange = await client.bulk.exchange(batch, plainAsk, never)
    assert.ok(exchange.kind === 'refused', JSON.stringify(exchange))
    assert.equal(exchange.status, 413)
    assert.equal(exchange.reason, body)
    const next = await client.bulk.exchange(smallBatch(1), plainAsk, never)
    assert.equal(next.socketReused, false)
    assert.equal(node.connections, 2)
  }
})

it('lets a refusal stand whose body was cut by a reset', async () => {
  await using node = await startRaw((socket) => {
    socket.once('data', () => {
      socket.write('HTTP/1.1 401 Unauthorized\r\ncontent-length: 900\r\n\r\nwho are', () => {
        setTimeout(() => socket.resetAndDestroy(), 20)
      })
    })
  })
  await using client = openBulk(node.url)
  const exchange = await client.bulk.exchange(smallBatch(1), plainAsk, never)
  assert.ok(exchange.kind === 'refused', JSON.stringify(exchange))
  assert.equal(exchange.status, 401)
  assert.equal(exchange.reason, 'who are')
})

const brokenAnswers: {
  name: string
  bytes: string
  phase: string
  status?: number
  keptOpen?: boolean
}[] = [
  { name: 'an empty 200', bytes: `${okHead}content-length: 0\r\n\r\n`, phase: 'http', status: 200 },
  {
    name: 'a page',
    bytes: 'HTTP/1.1 200 OK\r\ncontent-length: 29\r\n\r\n<html><title>Login</title>ok!',
    phase: 'http',
    status: 200,
  },
  {
    name: 'a short list',
    bytes: `${okHead}content-length: ${allCreated(1).length}\r\n\r\n${allCreated(1)}`,
    phase: 'http',
    status: 200,
  },
  {
    name: 'a 202',
    bytes: 'HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n',
    phase: 'http',
    status: 202,
  },
  { name: 'a 204', bytes: 'HTTP/1.1 204 No Content\r\n\r\n', phase: 'http', status: 204 },
  {
    name: 'a body cut before its length',
    bytes: `${okHead}content-length: 500\r\n\r\n{"errors":fal`,
    phase: 'read',
    status: 200,
  },
  {
    name: 'a chunked body cut',
    bytes: `${okHead}transfer-encoding: chunked\r\n\r\n5\r\n{"err\r\n`,
    phase: 'read',
    status: 200,
  },
  { name: 'what is no HTTP', bytes: 'SSH-2.0-OpenSSH_9.2\r\n', phase: 'read' },
]

for (const { name, bytes, phase, status } of brokenAnswers) {
  it(`calls ${name} a bad answer`, async () => {
    await using node = await startRaw((socket) => {
      socket.once('data', () => socket.end(bytes))
    })
    await using client = openBulk(node.url)
    const exchange = await client.bulk.exchange(smallBatch(3), plainAsk, never)
    assert.ok(exchange.kind === 'broken', JSON.stringify(exchange))
    assert.equal(exchange.code, 'bad_answer')
    assert.equal(exchange.phase, phase)
    assert.equal(exchange.bodyStarted, true)
    assert.equal(exchange.status, status)
    assert.equal(node.connections, 1)
  })
}

it('reads at most 16 MiB of an answer', async () => {
  await using node = await startNode((response) => {
    response.write('{"errors":false,"items":[')
    const filler = Buffer.alloc(1024 * 1024, ' ')
    response.on('close', () => clearInterval(pump))
    const pump = setInterval(() => response.write(filler), 1)
  })
  await using client = openBulk(node.url)
  const exchange = await client.bulk.exchange(smallBatch(1), plainAsk, never)
  assert.ok(exchange.kind === 'broken')
  assert.equal(exchange.code, 'bad_answer')
  assert.equal(exchange.status, 200)
  const next = await client.bulk.exchange(smallBatch(1), plainAsk, AbortSignal.timeout(50))
  assert.equal(next.socketReused, false)
})
