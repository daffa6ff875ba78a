/**
 * pino-loudsink: a pino transport to Elasticsearch that never loses a line silently.
 * The default export is pino's target; it runs in the worker. The helpers run in the application's thread.
 */

export type { PhaseTimings } from './core/exchange.ts'
export type { Failure, Phase } from './core/failure.ts'
export type { DropReason, Fate, Ledger } from './core/ledger.ts'
export type {
  EventCode,
  EventFate,
  EventKind,
  IncidentView,
  SelfLogEvent,
  Severity,
} from './core/self-log-event.ts'
export type {
  CloseOptions,
  CloseReport,
  FlushOptions,
  FlushResult,
  FlushUntil,
  Stats,
} from './core/shipper-face.ts'
export { close, flush, NoTransportError, onSelfLog, stats } from './main-thread/index.ts'
export type { OptionFault, ShipperOptions } from './options/index.ts'
export { OptionsError } from './options/index.ts'
export type { Shipper } from './shipper/index.ts'
export { createShipper } from './shipper/index.ts'
export { transport as default } from './worker-thread/transport.ts'
