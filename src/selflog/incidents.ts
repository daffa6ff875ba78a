import { isoTime } from '../core/iso-time.ts'
import type { Ledger } from '../core/ledger.ts'
import type { Clock } from '../core/platform.ts'
import type { EventCode, IncidentView } from '../core/self-log-event.ts'
import { eventTable, openerOf } from './event-table.ts'

interface Incident {
  readonly id: string
  readonly code: EventCode
  readonly index: string | undefined
  readonly startedAt: string
  readonly sinceMs: number
  readonly duplicatesBefore: number
  attempts: number
  peakItems: number
  lost: number
}

/** An open trouble, by what opened it. */
export interface OpenIncident {
  readonly code: EventCode
  readonly index: string | undefined
  readonly startedAt: string
}

/** Which troubles are open, since when, and what they have cost so far. */
export class Incidents {
  readonly #clock: Clock
  readonly #totals: () => Ledger
  readonly #open = new Map<string, Incident>()
  #count = 0

  constructor(clock: Clock, totals: () => Ledger) {
    this.#clock = clock
    this.#totals = totals
  }

  /** An event that opens a trouble, or goes on with it; undefined for other codes. */
  opened(code: EventCode, index: string | undefined): IncidentView | undefined {
    if (eventTable[code].closedBy === undefined) return undefined
    const key = keyOf(code, index)
    const totals = this.#totals()
    const incident = this.#open.get(key) ?? this.#start(code, index, totals)
    this.#open.set(key, incident)
    incident.attempts++
    incident.peakItems = Math.max(incident.peakItems, totals.pending + totals.spooled)
    return this.#view(incident, totals)
  }

  /** An event that ends a trouble; undefined where none is open, or for other codes. */
  closed(closer: EventCode, index: string | undefined): IncidentView | undefined {
    const code = openerOf(closer)
    if (code === undefined) return undefined
    const key = keyOf(code, index)
    const incident = this.#open.get(key)
    if (incident === undefined) return undefined
    this.#open.delete(key)
    return this.#view(incident, this.#totals())
  }

  /** Lines were lost: whatever is open has cost them. */
  lose(items: number): void {
    for (const incident of this.#open.values()) incident.lost += items
  }

  isOpen(code: EventCode, index: string | undefined): boolean {
    return this.#open.has(keyOf(code, index))
  }

  all(): readonly OpenIncident[] {
    return [...this.#open.values()].map(({ code, index, startedAt }) => ({
      code,
      index,
      startedAt,
    }))
  }

  #start(code: EventCode, index: string | undefined, { duplicates }: Ledger): Incident {
    const startedAt = isoTime(this.#clock.wallNow())
    this.#count++
    const id = `${code}-${startedAt}-${this.#count}`
    const sinceMs = this.#clock.now()
    return {
      id,
      code,
      index,
      startedAt,
      sinceMs,
      duplicatesBefore: duplicates,
      attempts: 0,
      peakItems: 0,
      lost: 0,
    }
  }

  #view(incident: Incident, totals: Ledger): IncidentView {
    return {
      id: incident.id,
      startedAt: incident.startedAt,
      durationMs: Math.round(this.#clock.now() - incident.sinceMs),
      attempts: incident.attempts,
      peakItems: incident.peakItems,
      lost: incident.lost,
      duplicates: totals.duplicates - incident.duplicatesBefore,
    }
  }
}

/** Only a held index is a trouble of its own; all others concern the whole transport. */
function keyOf(code: EventCode, index: string | undefined): string {
  return code === 'index.held' ? `${code} ${index ?? ''}` : code
}
