/** The datagrams of one source address and port. */
export interface Flow {
  /** When the first one came, monotonic ms. */
  readonly firstAt: number
  lastAt: number
  /** How many have come, this one included. */
  datagrams: number
  /** An answer has been sent. */
  isAnswered: boolean
}

/** How long a flow lives without a datagram: `nf_conntrack_udp_timeout` of Linux. */
export const defaultFlowMs = 30_000

/** Flows by source, the newest `keep` of them. */
export class FlowTable {
  readonly #keep: number
  readonly #flows = new Map<string, Flow>()

  constructor(keep: number) {
    this.#keep = keep
  }

  /** Takes note of a datagram. Gives its flow, a new one after `flowMs` without any. */
  arrive(source: string, now: number, flowMs: number): Flow {
    const known = this.#flows.get(source)
    this.#flows.delete(source)
    const isNew = !known || now - known.lastAt > flowMs
    const flow = isNew ? { firstAt: now, lastAt: now, datagrams: 0, isAnswered: false } : known
    flow.lastAt = now
    flow.datagrams++
    this.#flows.set(source, flow)
    const [oldest] = this.#flows.keys()
    if (this.#flows.size > this.#keep && oldest !== undefined) this.#flows.delete(oldest)
    return flow
  }
}
