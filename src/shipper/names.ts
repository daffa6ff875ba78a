import { isIP } from 'node:net'
import type { DnsQuestion, EventInput, SelfLog } from '../core/self-log-event.ts'
import type { DnsEvent, DnsOptions, Lookup } from '../dns/index.ts'
import type { ResolvedOptions } from '../options/index.ts'

/** Told when a host name has other addresses than before. */
export type OnAddresses = (host: string, addresses: readonly string[]) => void

/** The names of the nodes: who resolves them, and what the self-log says of it. */
export class Names {
  readonly #selfLog: SelfLog
  readonly #onAddresses: OnAddresses
  /** What the latest questions for a name got, while resolving it is slow or fails. */
  readonly #questions = new Map<string, readonly DnsQuestion[]>()
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
    if (event.failure === undefined || event.endpoint === undefined) return event
    const name = hostOf(event.endpoint.origin)
    const questions = this.#questions.get(name)
    return questions === undefined ? event : { ...event, name, questions }
  }

  close(): void {
    this.#lookup?.close()
  }

  #tell(event: DnsEvent): void {
    const { code, name, questions, addresses = [], previous = [], error } = event
    if (code === 'dns.recovered') this.#questions.delete(name)
    else if (code !== 'dns.changed') this.#questions.set(name, questions)
    if (code === 'dns.changed') this.#onAddresses(name, addresses)
    const detail =
      code === 'dns.changed' ? `${previous.join(', ')} → ${addresses.join(', ')}` : undefined
    const lostPacket = event.lostPacketSignature ? 'lost_packet' : undefined
    this.#selfLog.emit({
      code,
      fate: 'none',
      name,
      ...(questions.length > 0 && { questions }),
      ...((detail ?? lostPacket) !== undefined && { detail: detail ?? lostPacket ?? '' }),
      ...(error !== undefined && { failure: { ...error, phase: 'dns' } }),
    })
  }
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
