import type { ResolvedOptions, ShipperOptions } from '../options/index.ts'
import { OptionsError, resolveOptions } from '../options/index.ts'
import { beforeExit } from '../runtime.ts'
import { readPinoConfig } from './pino-config.ts'
import type { ShipperHooks } from './running-shipper.ts'
import { RunningShipper } from './running-shipper.ts'
import type { Shipper, ShipperCore } from './shipper.ts'

/**
 * A transport in this thread: `pino(options, createShipper({ node }).stream)`. At the natural end of the
 * process it delivers what is left within `shutdown.timeoutMs`; at `process.exit` it can only announce what
 * was not delivered. Throws `OptionsError` (`ERR_LOUDSINK_OPTIONS`) with all faults at once.
 */
export function createShipper(options: ShipperOptions = {}): Shipper {
  const resolved = resolve(options, { backpressure: true })
  const shipper = new RunningShipper(resolved, {
    onClosed: () => {
      // Whoever listens to the stream learns that it is over, also when `close()` was called.
      if (!shipper.stream.writableEnded) shipper.stream.destroy()
    },
  })
  // pino tells any stream with an `emit` about itself.
  shipper.stream.on('message', (message) => {
    const config = readPinoConfig(message)
    if (config !== undefined) shipper.setPinoConfig(config)
  })
  let tried = Number.NaN
  const off = beforeExit(() => {
    const { accepted, pending } = shipper.stats().ledger
    // Once for the same lines: a server that is down must not keep the process alive for ever.
    if (pending === 0 || tried === accepted) return
    tried = accepted
    void shipper.flush({ timeoutMs: resolved.shutdown.timeoutMs })
  })
  shipper.stream.once('close', off)
  return shipper
}

/** The same for pino's worker, which is ended by thread-stream and must never wait for room. Throws `OptionsError`. */
export function openShipper(options: unknown, hooks: ShipperHooks = {}): ShipperCore {
  return new RunningShipper(resolve(options, { backpressure: false }), hooks)
}

function resolve(options: unknown, where: { readonly backpressure: boolean }): ResolvedOptions {
  const resolution = resolveOptions(options, process.env, where)
  if (!resolution.ok) throw new OptionsError(resolution.faults)
  return resolution.options
}
