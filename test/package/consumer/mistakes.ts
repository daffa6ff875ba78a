/** What a user gets wrong, each refused by the compiler: an expected error that does not come is an error. */
import pino from 'pino'
import type { SelfLogEvent, ShipperOptions } from 'pino-loudsink'
import { createShipper, onSelfLog } from 'pino-loudsink'

export const mistakes: readonly ShipperOptions[] = [
  // @ts-expect-error a name that nobody knows
  { nodes: 'http://127.0.0.1:9200' },
  // @ts-expect-error a number as text
  { flushBytes: '1000' },
  // @ts-expect-error not one of the words
  { memory: { whenFull: 'drop' } },
  // @ts-expect-error half of the credentials
  { auth: { username: 'elastic' } },
  // @ts-expect-error only `create` is safe to send twice
  { opType: 'index' },
]

export const inWorker = pino.transport<ShipperOptions>({
  target: 'pino-loudsink',
  // @ts-expect-error a text, not a number
  options: { node: 9200 },
})

export const shipper = createShipper({
  // @ts-expect-error a name that nobody knows
  selfLog: { verbose: true },
})

// @ts-expect-error a code that is never emitted
onSelfLog(pino(), (event: SelfLogEvent) => event.code === 'items.lost')
