import assert from 'node:assert/strict'
import type { LookupFunction, Socket } from 'node:net'
import { connect } from 'node:net'
import { it } from 'node:test'
import { Worker } from 'node:worker_threads'
import type { Exchange } from '../../../src/core/exchange.ts'
import { batchOf, smallBatch } from '../../helpers/batch-of.ts'
import { never, openBulk, plainAsk } from '../../helpers/bulk-fixture.ts'
import { startNode, storeAll } from '../../helpers/node-server.ts'
import { startRaw } from '../../helpers/raw-server.ts'

type Broken = Extract<Exchange, { kind: 'broken' }>

/** The exchange and how long it took. */
async function timed(exchange: Promise<Exchange>): Promise<Broken & { tookMs: number }> {
  const from = performance.now()
  const result = await exchange
  assert.ok(result.kind === 'broken', JSON.stringify(result))
  return { ...result, tookMs: performance.now() - from }
}

/** Deadlines are ours because undici's fire up to a second late. Node's own count from the turn of the loop. */
function assertPrompt({ tookMs }: { tookMs: number }, afterMs: number): void {
  assert.ok(tookMs >= afterMs - 60 && tookMs < afterMs + 250, `took ${tookMs} of ${afterMs} ms`)
}

const silentLookup: LookupFunction = () => undefined

function failingLookup(code: string): LookupFunction {
  return (hostname, _options, callback) => {
    const error = Object.assign(new Error(`getaddrinfo ${code} ${hostname}`), { code })
    setImmediate(callback, error, '', 0)
  }
}

it('gives up on a name server that does not answer', async () => {
  await using client = openBulk('http://es.test:9200', {
    lookup: silentLookup,
    timeouts: { dnsMs: 150 },
  })
  const result = await timed(client.bulk.exchange(smallBatch(1), plainAsk, never))
  assert.deepEqual([result.code, result.phase, result.bodyStarted], ['dns_timeout', 'dns', false])
  assertPrompt(result, 150)
  assert.ok(result.phases.dnsMs >= 130)
  assert.equal(result.address, undefined)
})

it('keeps the code of a name that cannot be resolved', async () => {
  for (const code of ['ENOTFOUND', 'EAI_AGAIN']) {
    await using client = openBulk('http://es.test:9200', { lookup: failingLookup(code) })
    const result = await timed(client.bulk.exchange(smallBatch(1), plainAsk, never))
    assert.deepEqual([result.code, result.phase], [code, 'dns'])
    assert.match(result.message, /es\.test/)
  }
})

it('takes a lookup without an address, or one that throws, as a failed name', async () => {
  const lookups: readonly (readonly [LookupFunction, string])[] = [
    [(_name, _options, callback) => setImmediate(callback, null, [], 0), 'ENOTFOUND'],
    [(_name, _options, callback) => callback(null, [], 0), 'ENOTFOUND'],
    [
      () => {
        throw Object.assign(new Error('no lookup today'), { code: 'ENOLOOKUP' })
      },
      'ENOLOOKUP',
    ],
  ]
  for (const [lookup, code] of lookups) {
    await using client = openBulk('http://es.test:9200', { lookup })
    const result = await timed(client.bulk.exchange(smallBatch(1), plainAsk, never))
    assert.deepEqual([result.code, result.phase], [code, 'dns'])
  }
})

it('counts the name towards the time to connect', async () => {
  await using client = openBulk('http://es.test:9200', {
    lookup: silentLookup,
    timeouts: { dnsMs: 400, connectMs: 120 },
  })
  const result = await timed(client.bulk.exchange(smallBatch(1), plainAsk, never))
  assert.deepEqual([result.code, result.phase], ['connect_timeout', 'dns'])
  assertPrompt(result, 120)
})

it('gives up on a TLS handshake that stalls', async () => {
  await using node = await startRaw(() => undefined)
  await using client = openBulk(`https://127.0.0.1:${node.port}`, { timeouts: { connectMs: 150 } })
  const result = await timed(client.bulk.exchange(smallBatch(1), plainAsk, never))
  assert.deepEqual([result.code, result.phase], ['connect_timeout', 'tls'])
  assertPrompt(result, 150)
  assert.ok(result.phases.tlsMs >= 60)
})

it('gives up on a peer that does not take the connection', async () => {
  // A listener whose thread sleeps: the kernel queues a few connections for it, then ignores the next.
  const worker = new Worker(
    `const server = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
       require('node:worker_threads').parentPort.postMessage(server.address().port)
       Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20_000)
     })`,
    { eval: true },
  )
  const queued: Socket[] = []
  try {
    const port = await new Promise<number>((resolve) => worker.once('message', resolve))
    for (let i = 0; i < 4; i++) {
      queued.push(connect(port, '127.0.0.1').on('error', () => undefined))
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
    await using client = openBulk(`http://127.0.0.1:${port}`, { timeouts: { connectMs: 150 } })
    const result = await timed(client.bulk.exchange(smallBatch(1), plainAsk, never))
    assert.deepEqual([result.code, result.phase], ['connect_timeout', 'connect'])
    assertPrompt(result, 150)
  } finally {
    for (const socket of queued) socket.destroy()
    await worker.terminate()
  }
})

it('says which port refused', async () => {
  await using node = await startRaw(() => undefined)
  const { port, url } = node
  await node[Symbol.asyncDispose]()
  await using client = openBulk(url)
  const result = await timed(client.bulk.exchange(smallBatch(1), plainAsk, never))
  assert.deepEqual(
    [result.code, result.phase, result.bodyStarted],
    ['ECONNREFUSED', 'connect', false],
  )
  assert.match(result.message, new RegExp(`127\\.0\\.0\\.1:${port}`))
})

it('waits for an answer as long as it was told, for a probe shorter', async () => {
  await using node = await startRaw((socket) => socket.resume())
  await using client = openBulk(node.url, { timeouts: { responseMs: 300, probeMs: 120 } })
  const one = await timed(client.bulk.exchange(smallBatch(1), plainAsk, never))
  assert.deepEqual(
    [one.code, one.phase, one.bodyStarted, one.status],
    ['response_timeout', 'wait', true, undefined],
  )
  assertPrompt(one, 300)
  const probe = await timed(
    client.bulk.exchange(smallBatch(1), { ...plainAsk, probe: true }, never),
  )
  assert.equal(probe.code, 'response_timeout')
  assertPrompt(probe, 120)
})

it('names the write as the phase where the peer does not read', async () => {
  await using node = await startRaw((socket) => socket.pause())
  await using client = openBulk(node.url, { timeouts: { responseMs: 200 } })
  const batch = batchOf([JSON.stringify({ message: 'x'.repeat(16_000_000) })])
  const result = await timed(client.bulk.exchange(batch, plainAsk, never))
  assert.deepEqual(
    [result.code, result.phase, result.bodyStarted],
    ['response_timeout', 'write', true],
  )
  assert.ok(result.phases.writeMs >= 150)
})

it('gives up on an answer that stalls, and keeps its status', async () => {
  await using node = await startNode((response) => {
    response.writeHead(200)
    response.write('{"errors":false,')
  })
  await using client = openBulk(node.url, { timeouts: { idleMs: 150 } })
  const result = await timed(client.bulk.exchange(smallBatch(1), plainAsk, never))
  assert.deepEqual([result.code, result.phase, result.status], ['idle_timeout', 'read', 200])
  assertPrompt(result, 150)
})

it('gives up on an answer that drips for ever', async () => {
  await using node = await startNode((response) => {
    const drip = setInterval(() => response.write(' '), 20)
    response.on('close', () => clearInterval(drip))
  })
  await using client = openBulk(node.url, { timeouts: { idleMs: 200, totalMs: 400 } })
  const result = await timed(client.bulk.exchange(smallBatch(1), plainAsk, never))
  assert.deepEqual([result.code, result.phase], ['total_timeout', 'read'])
  assertPrompt(result, 400)
})

it('leaves no timer behind, whatever the end', async () => {
  await using node = await startNode((response, seen, socket) => {
    if (seen.connection > 1) storeAll(response, seen, socket)
  })
  await using client = openBulk(node.url, { timeouts: { responseMs: 50 } })
  const first = await client.bulk.exchange(smallBatch(1), plainAsk, never)
  const second = await client.bulk.exchange(smallBatch(1), plainAsk, never)
  assert.deepEqual([first.kind, second.kind], ['broken', 'answered'])
  assert.equal(client.clock.openTimers, 0)
})

it('goes over a fresh connection after a timeout, and closes the idle ones too', async () => {
  let silent = false
  await using node = await startNode((response, seen, socket) => {
    if (!silent) setTimeout(storeAll, 30, response, seen, socket)
  })
  await using client = openBulk(node.url, { timeouts: { responseMs: 200 } })
  const send = () => client.bulk.exchange(smallBatch(1), plainAsk, never)
  await Promise.all([send(), send(), send()])
  assert.equal(node.open, 3)
  silent = true
  const late = await send()
  assert.equal(late.kind === 'broken' && late.code, 'response_timeout')
  silent = false
  const next = await send()
  assert.deepEqual([next.kind, next.socketReused, node.connections], ['answered', false, 4])
  assert.equal(node.open, 1)
})

it('does not reuse a socket while another request waits for 5 s or more', async () => {
  let held: (() => void) | undefined
  await using node = await startNode((response, seen, socket) => {
    if (seen.url.includes('failure_store')) setTimeout(storeAll, 20, response, seen, socket)
    else held = () => storeAll(response, seen, socket)
  })
  await using client = openBulk(node.url, { maxSockets: 3 })
  const send = () => client.bulk.exchange(smallBatch(1), plainAsk, never)
  await Promise.all([send(), send()])
  const slow = client.bulk.exchange(smallBatch(1), { ...plainAsk, omit: ['filter_path'] }, never)
  assert.equal((await send()).socketReused, true)
  client.clock.skip(4000)
  assert.equal((await send()).socketReused, true)
  client.clock.skip(1000)
  assert.equal((await send()).socketReused, false)
  assert.equal((await send()).socketReused, false)
  assert.ok(node.open <= 3, `${node.open} open`)
  held?.()
  assert.equal((await slow).kind, 'answered')
  assert.equal((await send()).socketReused, true)
})
