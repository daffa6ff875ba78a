import type { Writable } from 'node:stream'
import { parentPort } from 'node:worker_threads'
import { selfLogEvent } from '../core/thread-messages.ts'
import type { ShipperOptions } from '../options/index.ts'
import { openShipper } from '../shipper/index.ts'
import { answer, hearWhatWaits, join } from './link.ts'

/** thread-stream takes a `flush` with a callback for `logger.flush(callback)`. */
type FlushableStream = Writable & { flush?: (done: () => void) => void }

/** Well below the 10 s after which thread-stream gives up. */
const flushMs = 9_500

/**
 * pino's transport function: `pino.transport({ target: 'pino-loudsink', options })` calls it in the worker.
 * Rejects with `OptionsError` (`ERR_LOUDSINK_OPTIONS`), all faults at once.
 */
export async function transport(options: ShipperOptions = {}): Promise<Writable> {
  const shipper = openShipper(options, { onFirstChunk: hearWhatWaits })
  const stream: FlushableStream = shipper.stream
  stream.flush = (done) => {
    // Never with an error: thread-stream would end the transport for it.
    void shipper.flush({ timeoutMs: flushMs }).then(() => {
      done()
    })
  }
  if (parentPort !== null) {
    stream.on(selfLogEvent, (event) => {
      answer(selfLogEvent, event)
    })
    stream.once('close', join(shipper))
  }
  return stream
}
