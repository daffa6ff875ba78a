import type { Ledger } from './ledger.ts'

/** `durable`: each line has a fate or lies on disk. `delivered`: each line has a fate. */
export type FlushUntil = 'delivered' | 'durable'

export interface FlushOptions {
  /** Default `delivered`. */
  readonly until?: FlushUntil
  /** Default 10,000. */
  readonly timeoutMs?: number
}

export interface FlushResult {
  /** False when the deadline came first. */
  readonly ok: boolean
  /** Lines accepted before the call that still have no fate. */
  readonly remaining: number
  readonly ledger: Ledger
}

export interface CloseOptions {
  /** Default: the option `shutdown.timeoutMs`, 5,000. */
  readonly timeoutMs?: number
}

export interface CloseReport extends FlushResult {
  /** Lines that this close had to give up. */
  readonly dropped: number
  /** Lines left on disk for the next start. */
  readonly handedOver: number
  readonly durationMs: number
}

/** Where a transport stands. */
export interface Stats {
  readonly ledger: Ledger
  readonly memory: { readonly bytes: number; readonly maxBytes: number }
  readonly requests: { readonly inFlight: number; readonly limit: number }
  readonly breaker: 'closed' | 'open' | 'half_open'
  /** Troubles that are open, with the code that opened each. */
  readonly incidents: readonly { readonly code: string; readonly startedAt: string }[]
}
