import type { SelfLogEvent, Shipper, ShipperOptions } from '../../../src/index.ts'
import { createShipper } from '../../../src/index.ts'
import type { FaultyElasticsearch, FaultyElasticsearchOptions } from '../../../src/testing/index.ts'
import { createFaultyElasticsearch } from '../../../src/testing/index.ts'

export interface ShipperFixture extends AsyncDisposable {
  readonly server: FaultyElasticsearch
  readonly shipper: Shipper
  /** What the self-log said. */
  readonly events: SelfLogEvent[]
  /** Each `error` that the stream has emitted: there must be none. */
  readonly errors: unknown[]
  /** Sum of `items` over the events with fate `dropped`; of one reason if that is given. */
  lost(reason?: string): number
  codes(): readonly string[]
}

/** A Shipper in this thread, and its server. Standard error stays quiet; `options` replace what they name. */
export async function openShipper(
  options: ShipperOptions = {},
  ofServer: FaultyElasticsearchOptions = {},
): Promise<ShipperFixture> {
  const server = await createFaultyElasticsearch(ofServer)
  const { selfLog, ...rest } = options
  const shipper = createShipper({
    node: server.url,
    retry: { minDelayMs: 20, maxDelayMs: 200 },
    selfLog: { stderr: false, repeatMs: 200, ...selfLog },
    ...rest,
  })
  const events: SelfLogEvent[] = []
  const errors: unknown[] = []
  shipper.stream.on('selfLog', (event: SelfLogEvent) => events.push(event))
  shipper.stream.on('error', (error) => errors.push(error))
  return {
    server,
    shipper,
    events,
    errors,
    lost: (reason) =>
      events
        .filter((event) => event.fate === 'dropped' && (reason ?? event.reason) === event.reason)
        .reduce((sum, { items }) => sum + items, 0),
    codes: () => events.map(({ code }) => code),
    async [Symbol.asyncDispose]() {
      await shipper.close({ timeoutMs: 100 })
      await server.close()
    },
  }
}

/** `count` lines as pino writes them, numbered from `from`, in one text. */
export function lines(count: number, from = 0): string {
  return Array.from({ length: count }, (_, i) => line(from + i)).join('')
}

/** One line with its newline; `text` makes it longer. */
export function line(seq: number, text = ''): string {
  return `{"level":30,"time":1767225600000,"seq":${seq},"msg":"line${text}"}\n`
}
