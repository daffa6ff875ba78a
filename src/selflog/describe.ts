import type { Ledger } from '../core/ledger.ts'
import { droppedTotal } from '../core/ledger.ts'
import type { EventCode, EventInput, IncidentView } from '../core/self-log-event.ts'
import { diagnose } from './diagnose.ts'
import { delayWords, hintOfQuestions, questionWords } from './dns-words.ts'
import { openersOf } from './event-table.ts'
import type { Draft } from './repeats.ts'
import { duration, lines, number, size } from './words.ts'

export interface Words {
  readonly message: string
  readonly hint?: string
}

type Writer = (event: Draft, totals: Ledger) => Words

/** The words of each code. One sentence: what failed, what became of the lines, what happens next. */
const writers: Readonly<Record<EventCode, Writer>> = {
  'transport.started': ({ detail }) => ({ message: `started: ${detail ?? ''}` }),
  'bulk.failed': (event, totals) => {
    const { what, hint } = diagnose(event)
    const asked =
      event.questions === undefined
        ? ''
        : `. Asked one after the other: ${questionWords(event)}${delayWords(event)}`
    return {
      message: `bulk request failed: ${what} — ${held(event, totals)}${next(event)}${asked}`,
      ...(hint && { hint }),
    }
  },
  'bulk.recovered': ({ incident }, totals) => ({
    message: `delivery works again after ${cost(incident)}; ${lines(totals.pending)} waiting`,
  }),
  'access.refused': (event, totals) => {
    const { what, hint } = diagnose(event)
    return {
      message: `access refused: ${what} — ${held(event, totals)}; all sending waits${next(event)}`,
      ...(hint && { hint }),
    }
  },
  'access.restored': ({ incident }) => ({ message: `access works again after ${cost(incident)}` }),
  'target.refused': (event, totals) => {
    const { what, hint } = diagnose(event)
    return {
      message: `the server refuses what every request asks for: ${what} — ${held(event, totals)}; all sending waits${next(event)}`,
      hint:
        hint ?? 'Is "node" the right address and path? Is this an Elasticsearch with a _bulk API?',
    }
  },
  'target.restored': ({ incident }) => ({ message: `requests pass again after ${cost(incident)}` }),
  'index.held': (event, totals) => {
    const { what } = diagnose(event)
    return {
      message: `index ${event.index ?? ''} takes no documents: ${what} — ${held(event, totals)}; tried again every 10 s`,
      hint: 'Lines of other indices are delivered meanwhile. Look at the index, its alias, its pipeline and the rights on it.',
    }
  },
  'index.released': ({ index, incident }) => ({
    message: `index ${index ?? ''} takes documents again after ${cost(incident)}`,
  }),
  'breaker.opened': (event, totals) => ({
    message: `no success in 5 requests: from now on one small request tries whether the server is back — ${held(event, totals)}${next(event)}`,
  }),
  'breaker.closed': ({ incident }) => ({
    message: `the server answers again after ${spell(incident)}`,
  }),
  'memory.full': ({ bytes }) => ({
    message: `memory for unsent lines is full (${size(bytes ?? 0)}): lines are being dropped`,
    hint: 'Raise memory.maxBytes, or mend what keeps lines from being stored: see the other events.',
  }),
  'memory.drained': ({ incident }) => ({
    message: `memory for unsent lines has room again after ${spell(incident)}; ${lines(incident?.lost ?? 0)} lost meanwhile`,
  }),
  'items.dropped': (event) => ({
    message: `${lines(event.items)} lost: ${dropWords[event.reason ?? 'closed']}${maybe(event)}`,
  }),
  'items.dead_lettered': (event) => ({
    message: `${lines(event.items)} refused for good by ${event.index ?? 'the index'}: ${diagnose(event).what}${keptWords(event)}${maybe(event)}`,
    hint: 'Rename or convert the field in the service, or change the mapping of the index; see README, "What happens when things fail".',
  }),
  'items.repaired': ({ items, detail }) => ({
    message: `${lines(items)} ${items === 1 ? 'was' : 'were'} no valid JSON for Elasticsearch and ${items === 1 ? 'goes' : 'go'} again mended: ${detail ?? ''}`,
    hint: 'pino writes a key twice when a child logger’s binding comes again in a call: use another name for one of them.',
  }),
  'items.conflict_unexpected': ({ items }) => ({
    message: `${lines(items)} met an id that is already taken, though never sent before: stored once by a retry inside the cluster, or ids repeat`,
    hint: 'Harmless after the loss of a node. Otherwise: was this machine cloned while the service ran?',
  }),
  'lines.wrapped': ({ items, detail }) => ({
    message: `${lines(items)} not JSON, kept as {"@timestamp","message"}; the first: ${detail ?? ''}`,
    hint: 'Something else than pino writes into this stream.',
  }),
  'batch.ceiling_changed': ({ detail }) => ({ message: detail ?? '' }),
  'dns.slow': (event) => ({
    message: `resolving ${event.name ?? ''} is slow: ${questionWords(event)}${delayWords(event)}`,
    ...hintOfQuestions(event),
  }),
  'dns.stale': (event) => ({
    message: `the name servers do not answer for ${event.name ?? ''}: ${questionWords(event)}. The addresses known before are used on`,
    hint: 'Delivery goes on. Look at the name servers in /etc/resolv.conf and the way to them.',
  }),
  'dns.failed': (event) => ({
    message: `no address for ${event.name ?? ''}: ${questionWords(event)}`,
    ...hintOfQuestions(event),
  }),
  'dns.recovered': ({ name, incident }) => ({
    message: `${name ?? ''} resolves again after ${spell(incident)}`,
  }),
  'dns.changed': ({ name, detail }) => ({
    message: `${name ?? ''} has other addresses: ${detail ?? ''}`,
  }),
  'options.ignored': ({ detail }) => ({
    message: `options without meaning here are ignored: ${detail ?? ''}`,
  }),
  'shutdown.incomplete': ({ items, detail }) => ({
    message: `shutdown ended with ${lines(items)} not delivered${detail === undefined ? '' : `: ${detail}`}`,
    hint: 'Their number stands in items.dropped. A longer shutdown.timeoutMs (at most 9,000) gives a slow server more time.',
  }),
  'stats.audit': (_, totals) => ({ message: ledgerWords(totals) }),
  'ledger.unbalanced': ({ detail }) => ({
    message: `the books do not balance: ${detail ?? ''}`,
    hint: 'This is a bug in pino-loudsink: please report it with this event.',
  }),
}

const dropWords = {
  memory_full: 'memory for unsent lines is full',
  spool_full: 'the spool is full',
  line_too_long: 'longer than 10 MiB',
  dead_letter_full: 'refused for good, and the dead letters are full',
  spool_corrupt: 'their record on disk is damaged',
  shutdown_deadline: 'not delivered before the shutdown deadline',
  closed: 'logged after the transport was closed',
} as const

/** The words for an event. */
export function describe(event: Draft, totals: Ledger): Words {
  const ends = openersOf(event.code).length > 0
  if (!ends || event.kind !== 'final') return writers[event.code](event, totals)
  const { durationMs = 0, id = '' } = event.incident ?? {}
  const opener = id.split('-')[0]
  return {
    message: `the transport ended while ${opener} was still open, after ${duration(durationMs)}`,
  }
}

/** Every fate of the ledger in one line. */
function ledgerWords(totals: Ledger): string {
  const { accepted, stored, duplicates, deadLettered, pending } = totals
  return `${lines(accepted)} accepted: ${number(stored)} stored, ${number(duplicates)} duplicates, ${number(deadLettered)} dead-lettered, ${number(droppedTotal(totals))} dropped, ${number(pending)} pending`
}

function held({ items, fate }: Draft, totals: Ledger): string {
  if (fate === 'none') return `${lines(items)} sent again at once, and answered`
  const lost = droppedTotal(totals) > 0
  return `${lines(items)} held in memory${lost ? '' : ', nothing lost'}`
}

function next({ nextRetryMs }: EventInput): string {
  return nextRetryMs === undefined ? '' : `, next try in ${duration(nextRetryMs)}`
}

function maybe({ ambiguous }: EventInput): string {
  return ambiguous ? ` (${ambiguous} of them may have been stored: no answer came)` : ''
}

function keptWords({ kept }: EventInput): string {
  return kept === undefined || kept === 'none' ? '; not kept' : `; kept in the dead-letter ${kept}`
}

function spell(incident: IncidentView | undefined): string {
  return incident === undefined ? 'a while' : duration(incident.durationMs)
}

function cost(incident: IncidentView | undefined): string {
  if (incident === undefined) return 'a while'
  const { durationMs, attempts = 0, peakItems = 0, lost = 0, duplicates = 0 } = incident
  return `${duration(durationMs)}: ${attempts} failed ${attempts === 1 ? 'attempt' : 'attempts'}, at most ${lines(peakItems)} held, ${number(lost)} lost, ${number(duplicates)} found stored already`
}
