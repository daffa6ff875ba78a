import { once } from 'node:events'
import pino from 'pino'
import type { SelfLogEvent } from 'pino-loudsink'
import type { FaultyElasticsearch, FaultyElasticsearchOptions } from '../../src/testing/index.ts'
import { createFaultyElasticsearch } from '../../src/testing/index.ts'

export type TransportStream = ReturnType<typeof pino.transport> & { readonly destroyed: boolean }

export interface TransportFixture extends AsyncDisposable {
  readonly server: FaultyElasticsearch
  readonly stream: TransportStream
  readonly logger: pino.Logger
  /** What has arrived in this thread. */
  readonly events: SelfLogEvent[]
}

/** Nobody else holds a stream while a test waits for it, and thread-stream ends the worker of one that is collected. */
const open = new Set<TransportStream>()

/** The target of ours with options that are good for tests. */
export function loudsink(server: { readonly url: string }, options: object = {}) {
  return {
    target: 'pino-loudsink',
    options: {
      node: server.url,
      selfLog: { stderr: false },
      shutdown: { timeoutMs: 500 },
      retry: { minDelayMs: 20, maxDelayMs: 200 },
      ...options,
    },
  }
}

/** pino over a worker with the built package in it. `transport` makes what `pino.transport()` is given. */
export async function openTransport(
  transport: (server: FaultyElasticsearch) => object = loudsink,
  ofPino: pino.LoggerOptions = {},
  ofServer: FaultyElasticsearchOptions = {},
): Promise<TransportFixture> {
  const server = await createFaultyElasticsearch(ofServer)
  const given = transport(server) as pino.TransportSingleOptions
  const stream = pino.transport(given) as TransportStream
  open.add(stream)
  const logger = pino(ofPino, stream)
  const events: SelfLogEvent[] = []
  stream.on('selfLog', (event: SelfLogEvent) => events.push(event))
  return {
    server,
    stream,
    logger,
    events,
    async [Symbol.asyncDispose]() {
      if (!stream.destroyed) {
        // pino lets the process end while its worker lives.
        const alive = setInterval(() => undefined, 1_000)
        const closed = once(stream, 'close')
        stream.end()
        await closed
        clearInterval(alive)
      }
      open.delete(stream)
      await server.close()
    },
  }
}
