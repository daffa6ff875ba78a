import type { EventCode, EventKind, Severity } from '../core/self-log-event.ts'
import { eventCodes } from '../core/self-log-event.ts'

interface EventTraits {
  readonly severity: Severity
  readonly kind: EventKind
  /** The code that ends the trouble which this one opens. */
  readonly closedBy?: EventCode
  /** Each index, or each host name, has a trouble of its own. */
  readonly each?: 'index' | 'name'
}

/**
 * What each code usually is. `error` means that a line was lost or that something waits for a person; whatever
 * opens a trouble names the code that ends it.
 */
export const eventTable: Readonly<Record<EventCode, EventTraits>> = {
  'transport.started': { severity: 'info', kind: 'info' },
  'bulk.failed': { severity: 'warn', kind: 'temporary', closedBy: 'bulk.recovered' },
  'bulk.recovered': { severity: 'info', kind: 'recovered' },
  'access.refused': { severity: 'error', kind: 'temporary', closedBy: 'access.restored' },
  'access.restored': { severity: 'info', kind: 'recovered' },
  'target.refused': { severity: 'error', kind: 'temporary', closedBy: 'target.restored' },
  'target.restored': { severity: 'info', kind: 'recovered' },
  'index.held': {
    severity: 'error',
    kind: 'temporary',
    closedBy: 'index.released',
    each: 'index',
  },
  'index.released': { severity: 'info', kind: 'recovered', each: 'index' },
  'breaker.opened': { severity: 'warn', kind: 'temporary', closedBy: 'breaker.closed' },
  'breaker.closed': { severity: 'info', kind: 'recovered' },
  'memory.full': { severity: 'error', kind: 'temporary', closedBy: 'memory.drained' },
  'memory.drained': { severity: 'info', kind: 'recovered' },
  'items.dropped': { severity: 'error', kind: 'permanent' },
  'items.dead_lettered': { severity: 'error', kind: 'permanent' },
  'items.repaired': { severity: 'warn', kind: 'info' },
  'items.conflict_unexpected': { severity: 'error', kind: 'permanent' },
  'lines.wrapped': { severity: 'warn', kind: 'info' },
  'batch.ceiling_changed': { severity: 'warn', kind: 'info' },
  'dns.slow': { severity: 'warn', kind: 'temporary', closedBy: 'dns.recovered', each: 'name' },
  'dns.stale': { severity: 'warn', kind: 'temporary', closedBy: 'dns.recovered', each: 'name' },
  'dns.failed': { severity: 'warn', kind: 'temporary', closedBy: 'dns.recovered', each: 'name' },
  'dns.recovered': { severity: 'info', kind: 'recovered', each: 'name' },
  'dns.changed': { severity: 'info', kind: 'info' },
  'options.ignored': { severity: 'warn', kind: 'info' },
  'shutdown.incomplete': { severity: 'error', kind: 'final' },
  'stats.audit': { severity: 'info', kind: 'info' },
  'ledger.unbalanced': { severity: 'error', kind: 'permanent' },
}

/** The codes that open what this one closes; none for any other code. */
export function openersOf(closer: EventCode): readonly EventCode[] {
  return eventCodes.filter((code) => eventTable[code].closedBy === closer)
}
