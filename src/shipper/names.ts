import { isIP } from 'node:net'
import type { DnsQuestion, EventInput, SelfLog } from '../core/self-log-event.ts'
import { lostPacket } from '../core/self-log-event.ts'
import type { DnsEvent, DnsOptions, Lookup } from '../dns/index.ts'
import type { ResolvedOptions } from '../options/index.ts'

/** Told when a host name has other addresses than before. */
export type OnAddresses = (host: string, addresses: readonly string[]) => void

/** The names of the nodes: who resolves them, and what the self-log says of it. */
export class Names {
  readonly #selfLog: SelfLog
  readonly #onAddresses: OnAddresses
  /** Names whose questions look, since they last were in trouble, as if a packet was lost. */
  readonly #suspects = new Set<string>()
  #lookup: Lookup | undefined

  constructor(selfLog: SelfLog, onAddresses: OnAddresses) {
    this.#selfLog = selfLog
    this.#onAddresses = onAddresses
  }

  /** The lookup for the nodes of `options`; starts to resolve them. Undefined where all of them are addresses. */
  async open({ dns, nodes }: ResolvedOptions): Promise<Lookup | undefined> {
    const hosts = nodes.map(hostOf).filter((host) => isIP(host) === 0)
    if (hosts.length === 0) return undefined
    const room = await import('../dns/index.ts')
    const lookup = createFor(room, dns)
    lookup.onEvent((event) => {
      this.#tell(event)
    })
    for (const host of hosts) lookup.prefetch(host)
    this.#lookup = lookup
    return lookup
  }

  /** A failure of a request carries what each question for its host got. */
  withQuestions(event: EventInput): EventInput {
    if (event.phases === undefined || event.endpoint === undefined) return event
    const name = hostOf(event.endpoint.origin)
    const questions = this.#lookup?.questions(name) ?? []
    if (questions.length === 0) return event
    return { ...event, ...factsOf(name, questions, this.#suspects.has(name)) }
  }

  close(): void {
    this.#lookup?.close()
  }

  #tell(event: DnsEvent): void {
    const {
      code,
      name,
      questions,
      lostPacketSignature,
      addresses = [],
      previous = [],
      error,
    } = event
    if (code === 'dns.changed') {
      if (addresses.length > 0) this.#onAddresses(name, addresses)
      const detail = `${previous.join(', ')} → ${addresses.join(', ')}`
      this.#selfLog.emit({ code, fate: 'none', name, detail })
      return
    }
    if (code === 'dns.recovered') this.#suspects.delete(name)
    else if (lostPacketSignature) this.#suspects.add(name)
    const failure = error && { failure: { ...error, phase: 'dns' as const } }
    const facts = factsOf(name, questions, lostPacketSignature)
    this.#selfLog.emit({ code, fate: 'none', ...facts, ...failure })
  }
}

/** What an event of the self-log says of a name. */
function factsOf(
  name: string,
  questions: readonly DnsQuestion[],
  isSuspect: boolean,
): Partial<EventInput> {
  return {
    name,
    ...(questions.length > 0 && { questions: questions.map(inTenths) }),
    ...(isSuspect && { detail: lostPacket }),
  }
}

function inTenths(question: DnsQuestion): DnsQuestion {
  return { ...question, ms: Math.round(question.ms * 10) / 10 }
}

function createFor(
  { createLookup, createSystemLookup }: typeof import('../dns/index.ts'),
  dns: DnsOptions | 'system' | undefined,
): Lookup {
  return dns === 'system' ? createSystemLookup() : createLookup(dns)
}

/** The host of a node's URL, IPv6 without brackets. */
function hostOf(node: string): string {
  return new URL(node).hostname.replace(/^\[(.*)\]$/, '$1')
}
