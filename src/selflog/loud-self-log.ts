import { isoTime } from '../core/iso-time.ts'
import type { Ledger } from '../core/ledger.ts'
import type { Clock, Disk } from '../core/platform.ts'
import type {
  EventCode,
  EventInput,
  SelfLog,
  SelfLogEvent,
  Severity,
} from '../core/self-log-event.ts'
import { severities } from '../core/self-log-event.ts'
import { describe } from './describe.ts'
import { eventTable, openersOf } from './event-table.ts'
import { FileSink } from './file-sink.ts'
import { fitLine } from './fit-line.ts'
import type { OpenIncident } from './incidents.ts'
import { Incidents } from './incidents.ts'
import type { Draft } from './repeats.ts'
import { Repeats } from './repeats.ts'
import { stamp } from './stamp.ts'
import { StderrSink } from './stderr-sink.ts'

export interface SelfLogOptions {
  readonly stderr: boolean
  readonly file?: string
  /** Size at which the file is turned over. */
  readonly maxBytes: number
  /** What stderr and file show; the application gets every event. */
  readonly minSeverity: Severity
  /** Like events within so many ms are folded into one. */
  readonly repeatMs: number
}

export interface SelfLogParts {
  readonly clock: Clock
  readonly disk: Disk
  /** The ledger at this moment. */
  readonly totals: () => Ledger
  /** The application's listeners. */
  readonly publish: (event: SelfLogEvent) => void
}

const patienceMs = 20
const patienceAtExitMs = 500

/**
 * Says what an operator should know: on standard error, in a file, and to the application.
 *
 * ```
 *  emit → incident → repeats folded → words, time, totals → stderr, file, application
 * ```
 */
export class LoudSelfLog implements SelfLog {
  readonly #options: SelfLogOptions
  readonly #parts: SelfLogParts
  readonly #incidents: Incidents
  readonly #repeats: Repeats
  readonly #stderr: StderrSink | undefined
  readonly #file: FileSink | undefined
  /** The newest event of each open incident, for those who begin to listen late. */
  readonly #latest = new Map<string, SelfLogEvent>()
  #exiting = false
  #missed = 0

  constructor(options: SelfLogOptions, parts: SelfLogParts) {
    this.#options = options
    this.#parts = parts
    const { clock, disk } = parts
    this.#incidents = new Incidents(clock, parts.totals)
    this.#repeats = new Repeats(options.repeatMs, clock, (draft) => {
      this.#send(draft)
    })
    if (options.stderr) this.#stderr = new StderrSink(disk, clock)
    if (options.file !== undefined) this.#file = new FileSink(options.file, options.maxBytes, disk)
  }

  emit(input: EventInput): void {
    const { code, fate, items = 0 } = input
    if (fate === 'dropped') this.#incidents.lose(items)
    const opened = this.#incidents.opened(input)
    const closed = this.#incidents.closed(input)
    if (eventTable[code].kind === 'recovered' && closed === undefined) return
    const incident = opened ?? closed
    const { severity, kind } = eventTable[code]
    this.#repeats.take({
      items: 0,
      bytes: 0,
      severity,
      kind,
      ...input,
      ...(incident && { incident }),
    })
  }

  isOpen(code: EventCode, index?: string): boolean {
    return this.#incidents.isOpen({ code, ...(index !== undefined && { index }) })
  }

  incidents(): readonly OpenIncident[] {
    return this.#incidents.all()
  }

  /** The newest event of each open trouble, marked as `replayed`. */
  replay(): readonly SelfLogEvent[] {
    return [...this.#latest.values()].map((event) => ({ ...event, replayed: true as const }))
  }

  /** Whatever is written from now on may be the last words: a full pipe is waited for longer. */
  exiting(): void {
    this.#exiting = true
  }

  /** Ends every open trouble as `final` and lets out what was folded. */
  close(): void {
    for (const { startedAt, code, ...about } of this.#incidents.all()) {
      const closer = eventTable[code].closedBy
      if (closer !== undefined) this.emit({ ...about, code: closer, kind: 'final', fate: 'none' })
    }
    this.#repeats.flush()
    this.#file?.close()
  }

  /** Lets out what was folded so far. */
  flush(): void {
    this.#repeats.flush()
  }

  #send(draft: Draft): void {
    const totals = this.#parts.totals()
    const time = isoTime(this.#parts.clock.wallNow())
    const event = stamp(draft, describe(draft, totals), time, totals)
    this.#remember(event)
    this.#write(event)
    this.#parts.publish(event)
  }

  #remember(event: SelfLogEvent): void {
    const id = event.incident?.id
    if (id === undefined) return
    if (eventTable[event.code].closedBy === undefined) this.#latest.delete(id)
    else if (this.#incidents.isOpen(event)) this.#latest.set(id, event)
  }

  #write(event: SelfLogEvent): void {
    if (!this.#shown(event)) return
    const line = fitLine(this.#withMissed(event))
    const patience = this.#exiting ? patienceAtExitMs : patienceMs
    const written = [this.#stderr?.write(line, patience), this.#file?.write(line)].includes(true)
    const missed = (this.#stderr?.takeMissed() ?? 0) + (this.#file?.takeMissed() ?? 0)
    this.#missed = missed + (written ? 0 : this.#missed)
  }

  /** The end of a trouble is shown wherever its beginning was. */
  #shown(event: SelfLogEvent): boolean {
    const least = severities.indexOf(this.#options.minSeverity)
    const [opener] = openersOf(event.code)
    const severity = opener === undefined ? event.severity : eventTable[opener].severity
    return severities.indexOf(severity) >= least
  }

  /** Lines that a full pipe or disk has swallowed are counted in the next that gets through. */
  #withMissed(event: SelfLogEvent): SelfLogEvent {
    if (this.#missed === 0) return event
    const { count, since } = event.suppressed ?? { count: 0, since: event.time }
    return { ...event, suppressed: { count: count + this.#missed, since } }
  }
}
