import type { CloseOptions, CloseReport, FlushOptions, FlushResult, Stats } from './shipper-face.ts'

/** What the application's thread may ask of the transports in a worker. */
export interface Operations {
  readonly flush: { readonly options: FlushOptions; readonly result: FlushResult }
  readonly close: { readonly options: CloseOptions; readonly result: CloseReport }
  readonly stats: { readonly options: object; readonly result: Stats }
  /** Sends the newest event of each open trouble again, as `selfLog` events. */
  readonly replay: { readonly options: object; readonly result: null }
}

export type Operation = keyof Operations

/** Application → worker, through thread-stream's `message` event. Sent again until it is acknowledged. */
export interface Request {
  readonly code: 'LOUDSINK'
  readonly op: Operation
  readonly id: number
  readonly options: object
}

/** Worker → application: the name of the event that carries a `Reply`. */
export const replyEvent = 'loudsink:reply'

export interface Reply {
  readonly id: number
  /** One result for each of our transports in that worker; undefined in a bare acknowledgement. */
  readonly results?: readonly unknown[]
}

/** The event that carries a `SelfLogEvent`. */
export const selfLogEvent = 'selfLog'
