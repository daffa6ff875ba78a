import type { BulkOptions } from '../../src/bulk/index.ts'
import { createBulk } from '../../src/bulk/index.ts'
import type { Ask, Bulk } from '../../src/core/exchange.ts'
import { ShiftedClock } from './shifted-clock.ts'

export const plainAsk: Ask = { probe: false, withIndex: false, gzip: false, omit: [] }

/** A signal that never aborts. */
export const never = new AbortController().signal

export interface BulkFixture extends AsyncDisposable {
  readonly bulk: Bulk
  readonly clock: ShiftedClock
}

/** A bulk client with deadlines that no test meets by chance; `options` replace what they name. */
export function openBulk(
  nodes: string | readonly string[],
  options: Partial<Omit<BulkOptions, 'timeouts'>> & {
    timeouts?: Partial<BulkOptions['timeouts']>
  } = {},
): BulkFixture {
  const clock = new ShiftedClock()
  const bulk = createBulk(
    {
      tls: {},
      headers: {},
      maxSockets: 4,
      ...options,
      nodes: [nodes].flat(),
      timeouts: {
        connectMs: 5000,
        dnsMs: 3000,
        responseMs: 30_000,
        idleMs: 15_000,
        totalMs: 60_000,
        probeMs: 10_000,
        ...options.timeouts,
      },
    },
    clock,
  )
  return { bulk, clock, [Symbol.asyncDispose]: () => bulk.close() }
}
