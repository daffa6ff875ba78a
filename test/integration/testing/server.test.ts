import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { Agent } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { gunzipSync, gzipSync } from 'node:zlib'
import type { FaultyElasticsearch, FaultyElasticsearchOptions } from '../../../src/testing/index.ts'
import { createFaultyElasticsearch } from '../../../src/testing/index.ts'
import { bulkBody, itemStatuses, ndjson, send, sendBulk } from './send.ts'

async function using(
  options: FaultyElasticsearchOptions,
  run: (server: FaultyElasticsearch) => Promise<void>,
): Promise<void> {
  const server = await createFaultyElasticsearch(options)
  try {
    await run(server)
  } finally {
    await server.close()
  }
}

const json = { 'content-type': 'application/json' }
const get = (server: FaultyElasticsearch, path: string, body?: unknown) =>
  send(server.url, {
    method: body === undefined ? 'GET' : 'POST',
    path,
    ...(body === undefined ? {} : { headers: json, body: JSON.stringify(body) }),
  })

describe('the store', () => {
  it('keeps one document an id: a resend is a conflict, and nothing is copied', async () => {
    await using({}, async (server) => {
      assert.deepEqual(itemStatuses(await sendBulk(server.url, 2)), [201, 201])
      assert.deepEqual(itemStatuses(await sendBulk(server.url, 3)), [409, 409, 201])
      assert.equal(server.count(), 3)
      assert.equal(server.timesReceived('d0'), 2)
      assert.deepEqual(server.oracle({ expected: 3 }), {
        expected: 3,
        stored: 3,
        lost: [],
        copies: [],
        unknown: 0,
      })
    })
  })

  it('gives documents without an id one of 20 characters', async () => {
    await using({}, async (server) => {
      await send(server.url, {
        headers: ndjson,
        path: '/app/_bulk',
        body: '{"create":{}}\n{"a":1}\n',
      })
      const [document] = server.documents('app')
      assert.match(document?.id ?? '', /^[\w-]{20}$/)
      assert.deepEqual(document?.source, { a: 1 })
    })
  })

  it('lets an id be stored again after a rollover, and the oracle sees the copy', async () => {
    await using({ dataStreams: ['app'] }, async (server) => {
      await sendBulk(server.url, 2)
      server.rollover('app')
      assert.deepEqual(itemStatuses(await sendBulk(server.url, 1)), [201])
      assert.deepEqual(server.oracle({ to: 2 }), {
        expected: 3,
        stored: 2,
        lost: [2],
        copies: [0],
        unknown: 0,
      })
    })
  })

  it('makes data streams of names that begin with logs- or that a template matches', async () => {
    await using({}, async (server) => {
      const put = await send(server.url, {
        method: 'PUT',
        path: '/_index_template/mine',
        headers: json,
        body: JSON.stringify({ index_patterns: ['mine-*'], data_stream: {} }),
      })
      assert.equal(put.text, '{"acknowledged":true}')
      for (const index of ['logs-a-b', 'mine-1']) {
        const body = `{"create":{"_index":"${index}"}}\n{"seq":1}\n`
        const seen = await send(server.url, { headers: ndjson, body })
        assert.deepEqual(itemStatuses(seen), [400])
        assert.match(seen.text, /data stream timestamp field \[@timestamp\] is missing/)
      }
      const found = await get(server, '/_index_template/mine')
      assert.match(found.text, /"index_patterns":\["mine-\*"\]/)
      assert.equal(
        (await send(server.url, { method: 'DELETE', path: '/_index_template/mine' })).status,
        200,
      )
      assert.equal((await get(server, '/_index_template/mine')).status, 404)
    })
  })
})

describe('bodies', () => {
  it('reads gzip, two members of it, deflate and chunks', async () => {
    await using({}, async (server) => {
      const body = Buffer.concat([gzipSync(bulkBody(2)), gzipSync(bulkBody(2, { from: 2 }))])
      const packed = await send(server.url, {
        headers: { ...ndjson, 'content-encoding': 'gzip' },
        body,
      })
      assert.deepEqual(itemStatuses(packed), [201, 201, 201, 201])
      assert.equal(server.requests[0]?.bytes, body.length)
      assert.deepEqual(
        itemStatuses(await sendBulk(server.url, 1, { from: 9, chunked: true })),
        [201],
      )
    })
  })

  it('drops without a word what a cut gzip stream no longer holds, as the real one does', async () => {
    await using({}, async (server) => {
      const whole = gzipSync(bulkBody(400))
      const body = whole.subarray(0, Math.floor(whole.length / 2))
      const seen = await send(server.url, {
        headers: { ...ndjson, 'content-encoding': 'gzip' },
        body,
      })
      assert.equal(seen.status, 200)
      const items = itemStatuses(seen).length
      assert.ok(items > 0 && items < 400, String(items))
      assert.equal(server.count(), items)
    })
  })

  it('resets the connection for damaged gzip', async () => {
    await using({}, async (server) => {
      const seen = await sendBulk(server.url, 1, { headers: { 'content-encoding': 'gzip' } })
      assert.equal(seen.code, 'ECONNRESET')
      assert.equal(server.requests[0]?.answered, 'none')
    })
  })

  it('answers 413 above the limit, which counts unpacked bytes, and lets big uploads see it', async () => {
    await using({ maxBodyBytes: 100_000 }, async (server) => {
      const body = gzipSync(bulkBody(5_000))
      assert.ok(body.length < 100_000)
      const packed = await send(server.url, {
        headers: { ...ndjson, 'content-encoding': 'gzip' },
        body,
      })
      assert.equal(packed.status, 413)
      for (const chunked of [false, true]) {
        const big = await sendBulk(server.url, 0, { body: Buffer.alloc(12_000_000, 'x'), chunked })
        assert.equal(big.status, 413)
        assert.equal(big.bytes.length, 0)
        assert.equal(big.headers.connection, 'close')
      }
      assert.equal(server.count(), 0)
    })
  })

  it('gzips an answer on request', async () => {
    await using({}, async (server) => {
      const seen = await sendBulk(server.url, 2, { headers: { 'accept-encoding': 'gzip' } })
      assert.equal(seen.headers['content-encoding'], 'gzip')
      assert.match(gunzipSync(seen.bytes).toString(), /"errors":false/)
    })
  })
})

describe('reading back', () => {
  it('searches by id, counts, pages and gets', async () => {
    await using({}, async (server) => {
      await sendBulk(server.url, 25)
      const all = JSON.parse((await get(server, '/app/_search?size=100')).text) as {
        hits: { total: { value: number }; hits: { _id: string }[] }
      }
      assert.equal(all.hits.total.value, 25)
      assert.equal(all.hits.hits.length, 25)
      const query = { ids: { values: ['d1', 'd2', 'nope'] } }
      const some = await get(server, '/_search', { query, from: 1, _source: false })
      assert.match(some.text, /"total":\{"value":2,"relation":"eq"\}/)
      assert.match(some.text, /"hits":\[\{"_index":"app","_id":"d2","_score":1\}\]/)
      assert.match((await get(server, '/app/_count')).text, /^\{"count":25,/)
      assert.match((await get(server, '/app/_doc/d3')).text, /"found":true,"_source":\{.*"seq":3\}/)
      assert.equal((await get(server, '/app/_doc/d99')).status, 404)
      assert.equal((await get(server, '/nope/_search')).status, 404)
      assert.equal((await get(server, '/_search', { query: { fuzzy: {} } })).status, 400)
      assert.equal((await get(server, '/_refresh')).status, 200)
      assert.match((await get(server, '/_cluster/health')).text, /"status":"green"/)
    })
  })

  it('introduces itself as Elasticsearch 9.5.3', async () => {
    await using({ pathPrefix: '/es' }, async (server) => {
      const root = await send(server.url, { method: 'GET', path: '/' })
      assert.match(root.text, /"number":"9\.5\.3"/)
      assert.equal(root.headers['x-elastic-product'], 'Elasticsearch')
      assert.equal((await send(server.url, { method: 'HEAD', path: '/' })).status, 200)
      assert.equal((await sendBulk(server.url, 1)).status, 200)
      const outside = await sendBulk(`http://127.0.0.1:${server.port}`, 1)
      assert.equal(outside.status, 404)
      assert.equal(outside.headers['content-type'], 'text/html')
    })
  })
})

describe('credentials', () => {
  const cases = [
    [{ username: 'u', password: 'p' }, `Basic ${Buffer.from('u:p').toString('base64')}`],
    [{ apiKey: 'aWQ6a2V5' }, 'ApiKey aWQ6a2V5'],
    [{ bearer: 'token' }, 'Bearer token'],
  ] as const
  for (const [auth, authorization] of cases) {
    it(`are asked for and never recorded: ${Object.keys(auth).join(' and ')}`, async () => {
      await using({ auth }, async (server) => {
        const missing = await sendBulk(server.url, 1)
        assert.equal(missing.status, 401)
        assert.match(missing.text, /"type":"security_exception","reason":"missing authentication/)
        assert.ok(missing.headers['www-authenticate'])
        const wrong = await sendBulk(server.url, 1, { headers: { authorization: 'Basic eDp5' } })
        assert.match(wrong.text, /unable to authenticate user \[x\]/)
        assert.equal(server.count(), 0)
        assert.equal((await sendBulk(server.url, 1, { headers: { authorization } })).status, 200)
        assert.equal(server.requests.at(-1)?.headers['authorization'], '[redacted]')
      })
    })
  }

  it('can be refused parameters that another server does not know', async () => {
    await using({ refusedParameters: ['timeout'] }, async (server) => {
      const seen = await sendBulk(server.url, 1, { path: '/_bulk?timeout=1s' })
      assert.equal(seen.status, 400)
      assert.match(seen.text, /request \[\/_bulk\] contains unrecognized parameter: \[timeout\]/)
    })
  })
})

describe('TLS', () => {
  let folder: string
  let tls: { key: string; cert: string }
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'faulty-tls-'))
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
    const command = `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 -keyout ${key} -out ${cert}`
    execFileSync('openssl', command.split(' '), { stdio: 'ignore' })
    tls = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') }
  })
  after(() => rmSync(folder, { recursive: true }))

  it('works, and its faults too', async () => {
    await using({ tls }, async (server) => {
      const trust = { tls: { ca: tls.cert } }
      assert.match(server.url, /^https:/)
      assert.equal((await sendBulk(server.url, 1, trust)).status, 200)
      assert.equal((await sendBulk(server.url, 1)).code, 'DEPTH_ZERO_SELF_SIGNED_CERT')
      for (const kind of ['store-then-reset', 'reset-on-accept', 'reset-mid-upload'] as const) {
        const fault = server.faults.add({ kind })
        assert.equal((await sendBulk(server.url, 2, trust)).code, 'ECONNRESET', kind)
        fault.off()
      }
      assert.equal(server.count(), 2)
      const hole = server.faults.add({ kind: 'black-hole' })
      assert.equal((await sendBulk(server.url, 1, { ...trust, leaveMs: 150 })).code, 'timeout')
      hole.off()
      assert.equal((await sendBulk(server.url, 3, trust)).status, 200)
    })
  })

  it('asks clients for a certificate when it is given an authority', async () => {
    await using({ tls: { ...tls, ca: tls.cert } }, async (server) => {
      const without = await sendBulk(server.url, 1, { tls: { ca: tls.cert } })
      assert.equal(without.status, undefined)
      assert.ok(without.code)
      const own = { ca: tls.cert, key: tls.key, cert: tls.cert }
      assert.equal((await sendBulk(server.url, 1, { tls: own })).status, 200)
    })
  })
})

describe('a life of ups and downs', () => {
  it('goes down, refuses, comes up on the same port and still has its documents', async () => {
    await using({}, async (server) => {
      const agent = new Agent({ keepAlive: true })
      await sendBulk(server.url, 2, { agent })
      const { port } = server
      await server.down()
      assert.equal(server.connections, 0)
      assert.equal((await sendBulk(server.url, 1)).code, 'ECONNREFUSED')
      await server.up()
      assert.equal(server.port, port)
      assert.deepEqual(itemStatuses(await sendBulk(server.url, 3)), [409, 409, 201])
      agent.destroy()
    })
  })

  it('breaks the request in flight when it goes down', async () => {
    await using({ faults: [{ kind: 'hang' }] }, async (server) => {
      const waiting = sendBulk(server.url, 1)
      await server.waitFor(({ requests }) => requests.length === 1)
      await server.down()
      assert.equal((await waiting).code, 'ECONNRESET')
    })
  })

  it('closes more than once and then stays closed', async () => {
    const server = await createFaultyElasticsearch()
    await server.close()
    await server.close()
    await assert.rejects(server.up(), /closed for good/)
  })

  it('rejects when its port is taken', async () => {
    await using({}, async (server) => {
      await assert.rejects(createFaultyElasticsearch({ port: server.port }), { code: 'EADDRINUSE' })
    })
  })
})

describe('records and waiting', () => {
  it('tells of each request what came and what was answered', async () => {
    await using({ keepRequests: 2 }, async (server) => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 })
      for (const from of [0, 1, 2]) {
        await sendBulk(server.url, 2, { agent, from, path: '/_bulk?timeout=3s' })
      }
      const numbers = server.requests.map(({ number }) => number)
      assert.deepEqual(numbers, [2, 3])
      const { at, headers, ...last } = server.requests.at(-1) ?? assert.fail()
      assert.ok(at > 0)
      assert.equal(headers['content-type'], 'application/x-ndjson')
      assert.deepEqual(last, {
        number: 3,
        bulkNumber: 3,
        method: 'POST',
        path: '/_bulk',
        query: { timeout: '3s' },
        bytes: bulkBody(2, { from: 2 }).length,
        documents: 2,
        items: 2,
        fault: undefined,
        answered: 200,
        socket: 1,
        requestOfSocket: 3,
      })
      agent.destroy()
    })
  })

  it('records an upload that the client gave up', async () => {
    await using({}, async (server) => {
      const socket = connect(server.port, '127.0.0.1')
      socket.write('POST /_bulk HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{"cre')
      await server.waitFor(({ connections }) => connections === 1)
      setTimeout(() => socket.destroy(), 20)
      await server.waitFor(({ requests }) => requests.length === 1, { what: 'the record' })
      assert.equal(server.requests[0]?.answered, 'none')
      assert.equal(server.count(), 0)
    })
  })

  it('waits with a deadline and says what is there instead', async () => {
    await using({}, async (server) => {
      const waiting = server.waitForDocuments(2)
      await sendBulk(server.url, 2)
      await waiting
      await assert.rejects(
        server.waitForDocuments(3, { timeoutMs: 30 }),
        /waited 30 ms in vain: 3 documents; stored: 2, requests: 1, .*the latest POST \/_bulk → 200/,
      )
      let seen = false
      setTimeout(() => {
        seen = true
      }, 30)
      await server.waitFor(() => seen, { timeoutMs: 1_000 })
    })
  })

  it('applies a fault only on the server that it names', async () => {
    const fault = { kind: 'status', status: 500, when: { node: 'b' } } as const
    await using({ name: 'a', faults: [fault] }, async (a) => {
      await using({ name: 'b', faults: [fault] }, async (b) => {
        assert.equal((await sendBulk(a.url, 1)).status, 200)
        assert.equal((await sendBulk(b.url, 1)).status, 500)
      })
    })
  })
})
