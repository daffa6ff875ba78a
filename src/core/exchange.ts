import type { Batch } from './batch.ts'
import type { Failure, Phase } from './failure.ts'

/** How long each part of an exchange took, in ms; 0 for what did not happen. */
export interface PhaseTimings {
  readonly dnsMs: number
  readonly connectMs: number
  readonly tlsMs: number
  /** Handing the body to the kernel. */
  readonly writeMs: number
  /** From the last byte out to the first byte in. */
  readonly waitMs: number
  readonly readMs: number
}

/** What is known of an exchange, however it went. */
export interface ExchangeFacts {
  /** The node as configured: scheme, host, port and path prefix; never credentials. */
  readonly node: string
  /** `ip:port` of the peer; undefined when no connection came about. */
  readonly address?: string
  readonly phases: PhaseTimings
  readonly socketReused: boolean
  /** A quick try inside this exchange had sent body bytes before: its documents are ambiguous. */
  readonly earlierBodyStarted: boolean
  /** How the last quick try before this answer broke, where there was one. */
  readonly earlierFailure?: Pick<Failure, 'code' | 'phase' | 'message'>
}

/** The answer for one document. */
export interface ItemAnswer {
  /** HTTP status of the item; 0 where the server named none. */
  readonly status: number
  /** `error.type`. */
  readonly type?: string
  /** `error.reason`, with the innermost `caused_by` where it says more; at most 512 bytes. */
  readonly reason?: string
  /** The types of `error` and of all its causes, outermost first. */
  readonly causes?: readonly string[]
  /** The backing index, where it was asked for. */
  readonly index?: string
  /** `failure_store: used`: stored, but in the failure store. */
  readonly failureStored?: boolean
}

/** One HTTP request and its answer, or the way it broke. */
export type Exchange = ExchangeFacts &
  (
    | {
        /** 200, JSON, and as many items as documents were sent. */
        readonly kind: 'answered'
        readonly items: readonly ItemAnswer[]
      }
    | {
        /** Any answer that refuses the whole request. */
        readonly kind: 'refused'
        readonly status: number
        readonly type?: string
        /** The server's words, at most 512 bytes; empty when it sent none. */
        readonly reason: string
        readonly retryAfterMs?: number
      }
    | {
        /** No answer, or one that cannot be one (an HTML 200, a cut body, too few items). */
        readonly kind: 'broken'
        readonly phase: Phase
        readonly code: string
        readonly message: string
        /** Body bytes had left: the server may have stored the documents. */
        readonly bodyStarted: boolean
        readonly status?: number
      }
  )

/** How a batch is to be sent. */
export interface Ask {
  /** A trial of a server in doubt: answered within 10 s or not at all. */
  readonly probe: boolean
  /** Ask for `items.*._index`. */
  readonly withIndex: boolean
  readonly gzip: boolean
  /** Query parameters that this server does not know. */
  readonly omit: readonly string[]
}

/** The way to the server. It knows HTTP, nodes and sockets, and no policy. */
export interface Bulk {
  /** One exchange. Never rejects. An abort ends it as `broken`, code `aborted`. */
  exchange(batch: Batch, ask: Ask, signal: AbortSignal): Promise<Exchange>
  /**
   * The host has these addresses and no others: connections to others take no more requests; what is on its way
   * over them may end.
   */
  keepTo?(host: string, addresses: readonly string[]): void
  /** Closes every connection. */
  close(): Promise<void>
}
