import { isoTime } from '../core/iso-time.ts'
import type { Ledger } from '../core/ledger.ts'
import type { Clock } from '../core/platform.ts'
import type { EventCode, IncidentView, SelfLogEvent } from '../core/self-log-event.ts'
import { eventTable, openersOf } from './event-table.ts'

/** A code, and what it is about. */
export type Subject = Pick<SelfLogEvent, 'code' | 'index' | 'name'>

interface Incident {
  readonly id: string
  readonly subject: Subject
  readonly startedAt: string
  readonly sinceMs: number
  readonly duplicatesBefore: number
  attempts: number
  peakItems: number
  lost: number
}

/** An open trouble, by what opened it. */
export interface OpenIncident extends Subject {
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
  opened(subject: Subject): IncidentView | undefined {
    const { closedBy } = eventTable[subject.code]
    if (closedBy === undefined) return undefined
    const key = keyOf(closedBy, subject)
    const totals = this.#totals()
    const incident = this.#open.get(key) ?? this.#start(subject, totals)
    this.#open.set(key, incident)
    incident.attempts++
    incident.peakItems = Math.max(incident.peakItems, totals.pending + totals.spooled)
    return this.#view(incident, totals)
  }

  /** An event that ends a trouble; undefined where none is open, or for other codes. */
  closed(subject: Subject): IncidentView | undefined {
    if (openersOf(subject.code).length === 0) return undefined
    const key = keyOf(subject.code, subject)
    const incident = this.#open.get(key)
    if (incident === undefined) return undefined
    this.#open.delete(key)
    return this.#view(incident, this.#totals())
  }

  /** Lines were lost: whatever is open has cost them. */
  lose(items: number): void {
    for (const incident of this.#open.values()) incident.lost += items
  }

  isOpen(subject: Subject): boolean {
    const { closedBy } = eventTable[subject.code]
    return closedBy !== undefined && this.#open.has(keyOf(closedBy, subject))
  }

  all(): readonly OpenIncident[] {
    return [...this.#open.values()].map(({ subject, startedAt }) => ({ ...subject, startedAt }))
  }

  #start({ code, index, name }: Subject, { duplicates }: Ledger): Incident {
    const startedAt = isoTime(this.#clock.wallNow())
    this.#count++
    const id = `${code}-${startedAt}-${this.#count}`
    const sinceMs = this.#clock.now()
    return {
      id,
      subject: { code, ...(index !== undefined && { index }), ...(name !== undefined && { name }) },
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

/** By the code that will end it, and by index or host name where each has a trouble of its own. */
function keyOf(closer: EventCode, subject: Subject): string {
  const { each } = eventTable[closer]
  return each === undefined ? closer : `${closer} ${subject[each] ?? ''}`
}
