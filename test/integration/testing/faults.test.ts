import assert from 'node:assert/strict'
import { Agent } from 'node:http'
import type { Socket } from 'node:net'
import { connect } from 'node:net'
import { performance } from 'node:perf_hooks'
import { afterEach, beforeEach, describe, it } from 'node:test'
import type { Fault, FaultyElasticsearch } from '../../../src/testing/index.ts'
import { createFaultyElasticsearch } from '../../../src/testing/index.ts'
import { bulkBody, itemStatuses, sendBulk } from './send.ts'

let server: FaultyElasticsearch
let agent: Agent

beforeEach(async () => {
  server = await createFaultyElasticsearch()
  agent = new Agent({ keepAlive: true, maxSockets: 1 })
})
afterEach(async () => {
  agent.destroy()
  await server.close()
})

/** Plays one fault on the first request, then shows that the same bytes are taken once it is off. */
async function playOnce(fault: Fault, timeoutMs = 2_000) {
  const handle = server.faults.add(fault)
  const seen = await sendBulk(server.url, 3, { timeoutMs })
  const stored = server.count()
  await server.waitFor(({ requests }) => requests.length > 0, { what: 'the record' })
  const record = server.requests.at(-1)
  assert.ok(record)
  assert.equal(record.fault, fault.kind)
  assert.equal(handle.applied, 1)
  handle.off()
  const again = await sendBulk(server.url, 3)
  assert.equal(again.status, 200)
  assert.equal(server.count(), 3)
  return { seen, stored, record, again: itemStatuses(again) }
}

/** A connection on which a request was sent by hand. */
async function openSocket(text: string): Promise<Socket> {
  const socket = connect(server.port, '127.0.0.1')
  socket.on('error', () => undefined)
  await new Promise((resolve) => socket.once('connect', resolve))
  socket.write(text)
  return socket
}

const rawBulk = (count: number, from = 0): string => {
  const body = bulkBody(count, { from })
  return `POST /_bulk HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-ndjson\r\ncontent-length: ${body.length}\r\n\r\n${body}`
}

const created = [201, 201, 201]
const duplicates = [409, 409, 409]

describe('hang', () => {
  it('reads the request, stores nothing and never answers', async () => {
    const { seen, stored, record, again } = await playOnce({ kind: 'hang' }, 100)
    assert.equal(seen.code, 'timeout')
    assert.equal(stored, 0)
    assert.equal(record.answered, 'none')
    assert.equal(record.documents, 3)
    assert.deepEqual(again, created)
  })

  it('stores all the same when asked to, so that a resend meets conflicts', async () => {
    const { stored, again } = await playOnce({ kind: 'hang', store: true }, 100)
    assert.equal(stored, 3)
    assert.deepEqual(again, duplicates)
  })

  it('ignores every later byte on that socket for good, also when the fault is off', async () => {
    const fault = server.faults.add({ kind: 'hang' })
    const socket = await openSocket(rawBulk(1))
    await server.waitFor(({ requests }) => requests.length === 1)
    fault.off()
    let answered = false
    socket.on('data', () => {
      answered = true
    })
    socket.write(rawBulk(1, 1))
    assert.equal((await sendBulk(server.url, 1, { from: 2 })).status, 200)
    await new Promise((resolve) => setTimeout(resolve, 50))
    assert.equal(answered, false)
    assert.equal(server.requests.length, 2)
    assert.equal(socket.readableEnded, false)
    socket.destroy()
  })
})

describe('hang-body', () => {
  it('sends headers and half of the body, then falls silent', async () => {
    const { seen, stored, record } = await playOnce({ kind: 'hang-body' }, 200)
    assert.equal(seen.code, 'timeout')
    assert.equal(seen.status, 200)
    assert.ok(seen.bytes.length > 0)
    assert.ok(seen.bytes.length < Number(seen.headers['content-length']))
    assert.equal(stored, 3)
    assert.equal(record.answered, 200)
  })
})

describe('black-hole', () => {
  it('kills the sockets that exist, swallows new ones, and lets connections made afterwards work', async () => {
    assert.equal((await sendBulk(server.url, 1, { agent })).status, 200)
    const before = server.connectionsAccepted
    const hole = server.faults.add({ kind: 'black-hole' })
    assert.equal((await sendBulk(server.url, 1, { from: 1, timeoutMs: 100 })).code, 'timeout')
    const inside = await openSocket(rawBulk(1, 2))
    await server.waitFor(({ connectionsAccepted }) => connectionsAccepted === before + 2)
    hole.off()

    const old = await sendBulk(server.url, 1, { from: 3, agent, timeoutMs: 100 })
    assert.equal(old.code, 'timeout', 'a socket from before stays dead')
    let heard = false
    inside.on('data', () => {
      heard = true
    })
    inside.write(rawBulk(1, 4))
    const fresh = await sendBulk(server.url, 1, { from: 5 })
    assert.deepEqual(itemStatuses(fresh), [201])
    assert.equal(heard, false, 'a socket from inside stays dead')
    assert.deepEqual(
      [...server.documents()].map(({ id }) => id),
      ['d0', 'd5'],
    )
    inside.destroy()
  })

  it('begins at a request and ends by itself', async () => {
    const hole = server.faults.add({ kind: 'black-hole', when: { requests: [2], forMs: 60 } })
    assert.equal((await sendBulk(server.url, 1)).status, 200)
    assert.equal((await sendBulk(server.url, 1, { from: 1, timeoutMs: 40 })).code, 'timeout')
    assert.equal(server.requests.at(-1)?.fault, 'black-hole')
    await server.waitFor(({ faults }) => faults.list.length === 0, { what: 'the end of the hole' })
    assert.equal(hole.applied, 1)
    assert.equal((await sendBulk(server.url, 1, { from: 1 })).status, 200)
  })
})

describe('resets', () => {
  it('reset-on-accept breaks connections by their number', async () => {
    server.faults.add({ kind: 'reset-on-accept', when: { requests: [1, 2] } })
    assert.equal((await sendBulk(server.url, 1)).code, 'ECONNRESET')
    assert.equal((await sendBulk(server.url, 1)).code, 'ECONNRESET')
    assert.equal((await sendBulk(server.url, 1)).status, 200)
    assert.equal(server.requests.length, 1)
  })

  it('reset-mid-upload breaks within the body and stores nothing', async () => {
    const { seen, stored, record, again } = await playOnce({
      kind: 'reset-mid-upload',
      afterBytes: 20,
    })
    assert.equal(seen.code, 'ECONNRESET')
    assert.equal(stored, 0)
    assert.equal(record.answered, 'none')
    assert.deepEqual(again, created)
  })

  it('reset-mid-upload can store the documents that had come whole', async () => {
    const one = bulkBody(1).length
    const { stored, record, again } = await playOnce({
      kind: 'reset-mid-upload',
      afterBytes: 2 * one + 10,
      store: true,
    })
    assert.equal(stored, 2)
    assert.equal(record.documents, 2)
    assert.deepEqual(again, [409, 409, 201])
  })

  for (const how of ['rst', 'fin'] as const) {
    it(`reset-on-reuse answers, then breaks the socket at the next byte (${how})`, async () => {
      server.faults.add({ kind: 'reset-on-reuse', how, when: { times: 1 } })
      assert.equal((await sendBulk(server.url, 1, { agent })).status, 200)
      assert.equal(server.connections, 1)
      const next = await sendBulk(server.url, 1, { agent, from: 1 })
      assert.equal(next.code, 'ECONNRESET')
      assert.equal(server.requests.length, 1, 'the next request is not even read')
      assert.equal((await sendBulk(server.url, 1, { agent, from: 1 })).status, 200)
      assert.equal(server.count(), 2)
    })

    it(`store-then-reset stores and drops the answer (${how})`, async () => {
      const { seen, stored, record, again } = await playOnce({ kind: 'store-then-reset', how })
      assert.equal(seen.code, 'ECONNRESET')
      assert.equal(seen.status, undefined)
      assert.equal(stored, 3)
      assert.equal(record.answered, 'none')
      assert.deepEqual(again, duplicates)
      assert.equal(server.timesReceived('d0'), 2)
    })
  }
})

describe('status', () => {
  it('answers with the status, the words of Elasticsearch and no Retry-After', async () => {
    const { seen, stored, record } = await playOnce({ kind: 'status', status: 429 })
    assert.equal(seen.status, 429)
    assert.equal(record.answered, 429)
    assert.match(seen.text, /"type":"es_rejected_execution_exception"/)
    assert.equal(seen.headers['retry-after'], undefined)
    assert.equal(stored, 0)
  })

  it('sends Retry-After in both forms', async () => {
    const { seen } = await playOnce({ kind: 'status', status: 503, retryAfter: 7 })
    assert.equal(seen.headers['retry-after'], '7')
    server.faults.add({ kind: 'status', status: 503, retryAfter: { dateInSeconds: 60 } })
    const dated = await sendBulk(server.url, 1)
    const inMs = Date.parse(dated.headers['retry-after'] ?? '') - Date.now()
    assert.ok(inMs > 58_000 && inMs <= 61_000, `${inMs} ms`)
  })

  it('has JSON, HTML, empty and any other body, headers of choice, and may store', async () => {
    const html = await playOnce({ kind: 'status', status: 504, body: 'html', store: true })
    assert.match(html.seen.text, /<title>504 Gateway Time-out<\/title>/)
    assert.equal(html.seen.headers['content-type'], 'text/html')
    assert.equal(html.stored, 3)
    server.faults.add({ kind: 'status', status: 502, body: 'empty', when: { times: 1 } })
    assert.equal((await sendBulk(server.url, 1)).bytes.length, 0)
    server.faults.add({
      kind: 'status',
      status: 301,
      body: 'over there',
      headers: { location: 'https://x/' },
    })
    const moved = await sendBulk(server.url, 1)
    assert.equal(moved.text, 'over there')
    assert.equal(moved.headers.location, 'https://x/')
  })
})

describe('broken answers', () => {
  it('html is a page of a proxy, with 502 or with 200', async () => {
    const { seen } = await playOnce({ kind: 'html' })
    assert.equal(seen.status, 502)
    assert.match(seen.text, /502 Bad Gateway/)
    server.faults.add({ kind: 'html', status: 200 })
    const portal = await sendBulk(server.url, 1)
    assert.equal(portal.status, 200)
    assert.equal(portal.headers['content-type'], 'text/html')
  })

  it('truncated promises more bytes than come before the FIN', async () => {
    const { seen, stored, again } = await playOnce({ kind: 'truncated' })
    assert.equal(seen.status, 200)
    assert.equal(seen.code, 'ECONNRESET')
    assert.ok(seen.bytes.length < Number(seen.headers['content-length']))
    assert.equal(stored, 3)
    assert.deepEqual(again, duplicates)
  })

  it('truncated in mode json is a whole transfer of cut JSON', async () => {
    const { seen, stored } = await playOnce({ kind: 'truncated', mode: 'json', store: false })
    assert.equal(seen.code, undefined)
    assert.equal(seen.status, 200)
    assert.throws(() => JSON.parse(seen.text), SyntaxError)
    assert.equal(stored, 0)
  })

  it('short-items leaves out the last documents and does not store them', async () => {
    const { seen, stored, record, again } = await playOnce({ kind: 'short-items', count: 2 })
    assert.deepEqual(itemStatuses(seen), [201])
    assert.equal(record.items, 1)
    assert.equal(stored, 1)
    assert.deepEqual(again, [409, 201, 201])
  })

  it('short-items can store the ones that it does not mention', async () => {
    const { stored } = await playOnce({ kind: 'short-items', store: true })
    assert.equal(stored, 3)
  })

  it('long-items mentions documents that were never sent', async () => {
    const { seen } = await playOnce({ kind: 'long-items', count: 2 })
    assert.deepEqual(itemStatuses(seen), [201, 201, 201, 201, 201])
  })

  it('empty-200 says nothing', async () => {
    const { seen, stored } = await playOnce({ kind: 'empty-200' })
    assert.equal(seen.status, 200)
    assert.equal(seen.headers['content-length'], '0')
    assert.equal(stored, 0)
  })

  it('too-large refuses bodies above a size and takes smaller ones', async () => {
    server.faults.add({ kind: 'too-large', maxBytes: bulkBody(2).length })
    const refused = await sendBulk(server.url, 3)
    assert.equal(refused.status, 413)
    assert.equal(refused.bytes.length, 0)
    assert.equal(refused.headers.connection, 'close')
    assert.equal((await sendBulk(server.url, 2)).status, 200)
    assert.equal(server.count(), 2)
  })
})

describe('items', () => {
  it('refuses a third of the documents and stores the rest, in their order', async () => {
    server.faults.add({ kind: 'items', everyNth: 3, status: 429, when: { times: 1 } })
    assert.deepEqual(itemStatuses(await sendBulk(server.url, 6)), [201, 201, 429, 201, 201, 429])
    assert.equal(server.count(), 4)
    assert.deepEqual(itemStatuses(await sendBulk(server.url, 6)), [409, 409, 201, 409, 409, 201])
  })

  it('finds documents by a field, by id and by chance with a seed', async () => {
    server.faults.add({ kind: 'items', match: { seq: 1 }, status: 403 })
    server.faults.add({ kind: 'items', id: 'd2', status: 503, type: 'x', reason: 'y' })
    const seen = await sendBulk(server.url, 3)
    assert.deepEqual(itemStatuses(seen), [201, 403, 503])
    assert.match(seen.text, /"error":\{"type":"x","reason":"y"\}/)
    server.faults.clear()
    server.faults.add({ kind: 'items', fraction: 0.3, status: 429, when: { seed: 7 } })
    const refused = itemStatuses(await sendBulk(server.url, 1000, { from: 10 })).filter(
      (status) => status === 429,
    )
    assert.ok(refused.length > 230 && refused.length < 370, String(refused.length))
  })

  it('can play the failure store', async () => {
    server.faults.add({ kind: 'items', id: 'd0', status: 201, failureStore: 'used' })
    const seen = await sendBulk(server.url, 2, {
      path: '/_bulk?filter_path=items.*.failure_store,items.*.status',
    })
    assert.deepEqual(JSON.parse(seen.text), {
      items: [{ create: { status: 201, failure_store: 'used' } }, { create: { status: 201 } }],
    })
    assert.equal(server.count('.fs-*'), 1)
    assert.equal(server.count('app'), 1)
  })
})

describe('slow', () => {
  it('stores, waits, then answers, together with other faults', async () => {
    server.faults.add({ kind: 'slow', delayMs: 150 })
    const began = performance.now()
    const answer = sendBulk(server.url, 2)
    await server.waitForDocuments(2, { timeoutMs: 100 })
    assert.equal((await answer).status, 200)
    assert.ok(performance.now() - began >= 145)
    server.faults.add({ kind: 'status', status: 500 })
    assert.equal((await sendBulk(server.url, 2)).status, 500)
    assert.equal(server.requests.at(-1)?.fault, 'status')
  })

  it('reads no faster than it is told to', async () => {
    server.faults.add({ kind: 'slow', bytesPerSecond: 1_000_000 })
    const body = bulkBody(3_000)
    const began = performance.now()
    await sendBulk(server.url, 0, { body })
    const tookMs = performance.now() - began
    assert.ok(tookMs >= (body.length / 1_000_000) * 1000 * 0.8, `${tookMs} ms`)
    assert.equal(server.count(), 3_000)
  })
})
