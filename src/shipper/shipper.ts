import type { Writable } from 'node:stream'
import type { SelfLogEvent } from '../core/self-log-event.ts'
import type {
  CloseOptions,
  CloseReport,
  FlushOptions,
  FlushResult,
  Stats,
} from '../core/shipper-face.ts'
import type { PinoConfig } from './pino-config.ts'

/** One transport, in this thread. */
export interface Shipper {
  /** What pino writes to. Emits `selfLog` with each event, and `close` when all is done; never `error`. */
  readonly stream: Writable
  stats(): Stats
  /** Waits until every line written so far has its fate. Never rejects. */
  flush(options?: FlushOptions): Promise<FlushResult>
  /** Delivers what is left within the deadline, announces what could not be delivered. Idempotent, never rejects. */
  close(options?: CloseOptions): Promise<CloseReport>
}

/** What the worker's side needs beyond the public face. */
export interface ShipperCore extends Shipper {
  setPinoConfig(config: PinoConfig): void
  /** The newest event of each open trouble. */
  replay(): readonly SelfLogEvent[]
}

/** Marks a stream that belongs to a Shipper in this thread: the Shipper itself. */
export const shipperOfStream = Symbol.for('pino-loudsink.shipper')
