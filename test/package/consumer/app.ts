/** What a user writes. It is compiled only, against the declarations of the built package. */
import type { Writable } from 'node:stream'
import pino from 'pino'
import type {
  CloseReport,
  FlushResult,
  Ledger,
  SelfLogEvent,
  Shipper,
  ShipperOptions,
  Stats,
} from 'pino-loudsink'
import transport, {
  close,
  createShipper,
  flush,
  OptionsError,
  onSelfLog,
  stats,
} from 'pino-loudsink'
import { createFaultyElasticsearch } from 'pino-loudsink/testing'

const stream = pino.transport<ShipperOptions>({
  target: 'pino-loudsink',
  options: {
    node: ['https://es-1:9200', 'https://es-2:9200'],
    auth: { apiKey: 'secret' },
    index: 'logs-app-%{DATE}',
    fields: { 'service.name': 'app', labels: { tier: 1 } },
    memory: { maxBytes: 1_000_000, whenFull: 'drop_newest' },
    selfLog: { minSeverity: 'error' },
  },
})
const logger = pino(stream)

export const both = pino.transport<ShipperOptions>({
  targets: [
    { target: 'pino-loudsink', options: { node: 'http://127.0.0.1:9200' } },
    { target: 'pino/file', options: {} },
  ],
})

export let lost = 0
export const stop: () => void = onSelfLog(logger, (event: SelfLogEvent) => {
  if (event.code === 'items.dropped' && event.reason === 'memory_full') lost += event.items
})

export async function end(): Promise<Ledger> {
  const flushed: FlushResult = await flush(logger, { timeoutMs: 1_000, until: 'delivered' })
  const known: Stats = await stats(logger)
  const report: CloseReport = await close(logger)
  return report.ok && flushed.ok ? report.ledger : known.ledger
}

export function local(options: ShipperOptions): Writable | readonly string[] {
  try {
    const shipper: Shipper = createShipper(options)
    return shipper.stream
  } catch (error) {
    if (error instanceof OptionsError) return error.faults.map(({ path }) => path)
    throw error
  }
}

export const inWorker: Promise<Writable> = transport({ node: 'http://127.0.0.1:9200' })

export async function test(): Promise<number> {
  const server = await createFaultyElasticsearch({ faults: [{ kind: 'status', status: 503 }] })
  await server.close()
  return server.count()
}
