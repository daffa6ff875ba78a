import 'reflect-metadata'
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import fastify from 'fastify'
import { Logger, LoggerModule, PinoLogger } from 'nestjs-pino'
import pino from 'pino'
import { pinoHttp } from 'pino-http'
import type { Shipper } from '../../../src/index.ts'
import { createShipper, flush, NoTransportError } from '../../../src/index.ts'
import type { Carrier } from '../../../src/main-thread/carriers.ts'
import { carriersOf } from '../../../src/main-thread/carriers.ts'

type TransportStream = ReturnType<typeof pino.transport>

/** A worker's stream as pino makes it. What runs in the worker is of no interest here. */
function openTransport(): TransportStream {
  return pino.transport({ target: 'pino/file', options: { destination: '/dev/null' } })
}

describe('where a logger leads to', () => {
  let transport: TransportStream
  let shipper: Shipper

  before(() => {
    transport = openTransport()
    shipper = createShipper({ node: 'http://127.0.0.1:1', selfLog: { stderr: false } })
  })
  after(async () => {
    const closed = once(transport, 'close')
    transport.end()
    await Promise.all([closed, shipper.close()])
  })

  const leadsToWorker = (source: unknown): void => {
    assert.deepEqual(carriersOf(source), [{ kind: 'worker', stream: transport }])
  }
  const leadsToShipper = (source: unknown): void => {
    const carriers: readonly Carrier[] = carriersOf(source)
    assert.equal(carriers.length, 1)
    const [carrier] = carriers
    assert.equal(carrier?.kind, 'local')
    assert.equal(carrier.shipper.stream, shipper.stream)
  }

  it('pino.transport: to its worker', () => {
    leadsToWorker(transport)
  })

  it('a logger, its child, the child of that: to the worker of the logger', () => {
    const logger = pino(transport)
    leadsToWorker(logger)
    leadsToWorker(logger.child({ a: 1 }))
    leadsToWorker(logger.child({ a: 1 }).child({ b: 2 }, { level: 'debug' }))
  })

  it('a Shipper, its stream, a logger over it: to the Shipper', () => {
    leadsToShipper(shipper)
    leadsToShipper(shipper.stream)
    leadsToShipper(pino(shipper.stream).child({ a: 1 }))
  })

  it('pino.multistream: to each of its streams that leads anywhere, levels and all', () => {
    const multi = pino.multistream([
      { stream: process.stdout },
      { stream: transport, level: 'debug' },
      { stream: shipper.stream, level: 'error' },
    ])
    for (const source of [multi, pino({}, multi), pino({}, multi).child({ a: 1 })]) {
      const kinds = carriersOf(source).map(({ kind }) => kind)
      assert.deepEqual(kinds.sort(), ['local', 'worker'])
    }
  })

  it('a multistream in a multistream: all the way down', () => {
    leadsToWorker(pino({}, pino.multistream([pino.multistream([{ stream: transport }])])))
  })

  it('fastify, its log, a request’s log and reply: to its logger', async () => {
    const app = fastify({ loggerInstance: pino({ level: 'warn' }, transport) })
    leadsToWorker(app)
    leadsToWorker(app.log)
    app.get('/', (request, reply) => {
      leadsToWorker(request.log)
      leadsToWorker(request)
      leadsToWorker(reply)
      return { ok: true }
    })
    assert.equal((await app.inject('/')).statusCode, 200)
    await app.close()
  })

  it('fastify that makes its own logger over a stream: to that stream', async () => {
    const app = fastify({ logger: { stream: shipper.stream, level: 'warn' } })
    leadsToShipper(app)
    leadsToShipper(app.log)
    await app.close()
  })

  it('pino-http and the log that it gives to a request: to its logger', async () => {
    const middleware = pinoHttp({ logger: pino({ level: 'warn' }, transport) })
    leadsToWorker(middleware)
    const server = createServer((request, response) => {
      middleware(request, response)
      leadsToWorker(request.log)
      leadsToWorker(request)
      response.end()
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const answer = await fetch(`http://127.0.0.1:${port}/`)
    assert.equal(answer.status, 200)
    await answer.arrayBuffer()
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })

  it('nestjs-pino’s Logger and PinoLogger: to the logger of the module', async () => {
    class AppModule {}
    Module({
      imports: [LoggerModule.forRoot({ pinoHttp: { logger: pino({ level: 'warn' }, transport) } })],
    })(AppModule)
    const app = await NestFactory.createApplicationContext(AppModule, { logger: false })
    leadsToWorker(app.get(Logger))
    leadsToWorker(await app.resolve(PinoLogger))
    await app.close()
  })

  it('anything else: NoTransportError, whatever it is', () => {
    const circle: Record<string, unknown> = {}
    circle['logger'] = circle
    circle['log'] = circle
    const sources = [
      undefined,
      null,
      'a text',
      0,
      {},
      [],
      circle,
      () => undefined,
      console,
      process.stdout,
      pino(process.stdout),
      pino.destination({ dest: '/dev/null', sync: true }),
      pino.multistream([{ stream: process.stdout }]),
      Object.create(null),
    ]
    for (const source of sources) {
      assert.throws(
        () => carriersOf(source),
        (error) => {
          assert.ok(error instanceof NoTransportError)
          assert.equal(error.code, 'ERR_LOUDSINK_NO_TRANSPORT')
          assert.match(error.message, /pino logger.*Shipper/)
          return true
        },
      )
    }
  })

  it('flush of anything else rejects with the same code', async () => {
    await assert.rejects(flush(pino(process.stdout)), { code: 'ERR_LOUDSINK_NO_TRANSPORT' })
  })
})
