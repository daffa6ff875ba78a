import type { PhaseTimings } from './exchange.ts'
import type { Phase } from './failure.ts'
import type { DropReason, Ledger } from './ledger.ts'

export const severities = ['info', 'warn', 'error'] as const

/** `error` means that a line was lost, or that something waits for a person. */
export type Severity = (typeof severities)[number]

/**
 * Serilog's words: `temporary` goes again by itself, `permanent` will not come back, `final` is the end of
 * the transport; `recovered` closes a trouble.
 */
export type EventKind = 'temporary' | 'permanent' | 'final' | 'recovered' | 'info'

/** Every code that is ever emitted. They are API: alerts are built on them. */
export const eventCodes = [
  'transport.started',
  'bulk.failed',
  'bulk.recovered',
  'access.refused',
  'access.restored',
  'target.refused',
  'target.restored',
  'index.held',
  'index.released',
  'breaker.opened',
  'breaker.closed',
  'memory.full',
  'memory.drained',
  'items.dropped',
  'items.dead_lettered',
  'items.repaired',
  'items.conflict_unexpected',
  'lines.wrapped',
  'batch.ceiling_changed',
  'dns.slow',
  'dns.stale',
  'dns.failed',
  'dns.recovered',
  'dns.changed',
  'options.ignored',
  'shutdown.incomplete',
  'stats.audit',
  'ledger.unbalanced',
] as const

export type EventCode = (typeof eventCodes)[number]

/** Where the lines of an event are now. */
export type EventFate = 'held_memory' | 'held_disk' | 'dead_lettered' | 'dropped' | 'none'

/** An open trouble, or the one that this event closes. */
export interface IncidentView {
  /** The same in the opening and in the closing event. */
  readonly id: string
  /** ISO 8601, UTC. */
  readonly startedAt: string
  readonly durationMs: number
  /** Failed exchanges since it began. */
  readonly attempts?: number
  /** The most lines that were held at once. */
  readonly peakItems?: number
  /** Lines lost while it lasted. */
  readonly lost?: number
  /** Lines that turned out to be stored already. */
  readonly duplicates?: number
}

/** What one question to a name server got. */
export interface DnsQuestion {
  /** The full name that was asked for. */
  readonly name: string
  readonly type: 'A' | 'AAAA'
  readonly server: string
  /** Queries sent. */
  readonly tries: number
  /** `answered`, `nodata`, `nxdomain`, `servfail`, `refused`, `timeout`, `waiting` … */
  readonly outcome: string
  readonly ms: number
}

/** The `detail` of a name whose questions look as if a packet was lost. */
export const lostPacket = 'lost_packet'

/** One thing that an operator should know. */
export interface SelfLogEvent {
  /** Version of this shape: 1. */
  readonly v: 1
  /** ISO 8601, UTC. */
  readonly time: string
  readonly severity: Severity
  readonly code: EventCode
  readonly kind: EventKind
  /** For people: what failed, in which phase, what became of the lines, what happens next. */
  readonly message: string
  /** What to do about it. */
  readonly hint?: string
  readonly fate: EventFate
  /** The lines that this event is about. */
  readonly items: number
  /** Their bytes. */
  readonly bytes: number
  /** Of `items`: those that the server may have stored all the same. */
  readonly ambiguous?: number
  readonly failure?: {
    readonly code: string
    readonly phase: Phase
    readonly status?: number
    readonly message: string
  }
  readonly phases?: PhaseTimings
  readonly endpoint?: {
    readonly origin: string
    readonly address?: string
    readonly socketReused: boolean
  }
  /** Which try of these lines failed; 1 is the first. */
  readonly attempt?: number
  readonly nextRetryMs?: number
  readonly incident?: IncidentView
  readonly reason?: DropReason
  /** Why the lines had to be dropped: the code of the trouble behind it. */
  readonly cause?: string
  /** Where refused documents were kept. */
  readonly kept?: 'file' | 'index' | 'none'
  readonly index?: string
  /** The host name that was being resolved. */
  readonly name?: string
  /** What the latest questions for that name got, where resolving it was slow or failed. */
  readonly questions?: readonly DnsQuestion[]
  /** How many of `items` had which level. */
  readonly levels?: Readonly<Record<string, number>>
  /** Sent again to a new listener. */
  readonly replayed?: true
  readonly totals: Ledger
  /** Events of the same kind that were folded into this one, since when (ISO 8601). */
  readonly suppressed?: { readonly count: number; readonly since: string }
}

/**
 * What the rooms hand to the self-log: the facts. It adds the words (message, hint), the usual severity and
 * kind of the code, the incident, time and totals.
 */
export type EventInput = Pick<SelfLogEvent, 'code' | 'fate'> &
  Partial<Omit<SelfLogEvent, 'v' | 'time' | 'totals' | 'suppressed' | 'replayed' | 'incident'>> & {
    /** A detail that the words of some codes need: the name of a key, of an option, of a target. */
    readonly detail?: string
  }

export interface SelfLog {
  emit(event: EventInput): void
  /** Whether the trouble that this code opens is open; a held index has one of its own. */
  isOpen(code: EventCode, index?: string): boolean
}
