import { isIP, isIPv6 } from 'node:net'
import { performance } from 'node:perf_hooks'
import type { WaitOptions } from '../faulty-elasticsearch.ts'
import { WaitList } from '../wait-list.ts'
import type { DnsFault } from './dns-fault.ts'
import type { DnsFaultControl } from './dns-fault-control.ts'
import { DnsFaultList } from './dns-fault-list.ts'
import { DnsSockets } from './dns-sockets.ts'
import { QueryHandler } from './query-handler.ts'
import type { RecordedQuery } from './query-log.ts'
import { QueryLog } from './query-log.ts'
import type { SoaOptions } from './write-answer.ts'
import type { ZoneControl, Zones } from './zones.ts'
import { ZoneTable } from './zones.ts'

/** How a faulty name server is set up. All of it may be left out. */
export interface FaultyDnsOptions {
  /** An IP address of this machine. Default `127.0.0.1`; `::1` works too. */
  readonly address?: string
  /** For UDP and TCP. Default 0: a free one, kept through `down()` and `up()`. */
  readonly port?: number
  /** The names that exist. Default: none; every other name is NXDOMAIN. */
  readonly zones?: Zones
  /** Faults from the start. More can be added while it runs. */
  readonly faults?: readonly DnsFault[]
  /** The record in negative answers, which says how long they hold. `false`: none. Default: 5 s. */
  readonly soa?: SoaOptions | false
  /** How many queries are remembered. Default 10,000. */
  readonly keepQueries?: number
}

/** A running name server. Its methods that wait reject at their deadline with what is there instead. */
export interface FaultyDns {
  readonly address: string
  readonly port: number
  /** `127.0.0.1:PORT` or `[::1]:PORT`: for `dns.setServers()` and the option `dns.servers`. */
  readonly nameserver: string
  readonly zones: ZoneControl
  readonly faults: DnsFaultControl
  /** Queries in the order of arrival, oldest first. */
  readonly queries: readonly RecordedQuery[]
  /** Forgets the queries so far. */
  clearQueries(): void
  /** Resolves when the predicate is true; looks after each change, and every 20 ms. */
  waitFor(predicate: (server: FaultyDns) => boolean, options?: WaitOptions): Promise<void>
  /** Takes the server away: nothing listens, so that clients learn of a closed port. The zones stay. */
  down(): Promise<void>
  /** Brings it back on the same port. Rejects when another process has taken it. */
  up(): Promise<void>
  /** Ends it for good. Idempotent. */
  close(): Promise<void>
}

/**
 * Starts a real name server, on UDP and TCP of one port of 127.0.0.1, that answers from the zones that it was given
 * as a recursive server does, and plays the faults that it is told to. For tests. Rejects when the port is taken;
 * throws TypeError for zones and faults that make no sense.
 */
export async function createFaultyDns(options: FaultyDnsOptions = {}): Promise<FaultyDns> {
  const server = new Server(options)
  await server.up()
  return server
}

class Server implements FaultyDns {
  readonly address: string
  readonly #zones: ZoneTable
  readonly #faults: DnsFaultList
  readonly #log: QueryLog
  readonly #handler: QueryHandler
  readonly #sockets: DnsSockets
  readonly #waits = new WaitList()
  #isClosed = false

  constructor(options: FaultyDnsOptions) {
    const { address = '127.0.0.1', port = 0, zones = {}, faults = [], soa = {} } = options
    if (isIP(address) === 0) throw new TypeError(`address must be an IP address, not ${address}`)
    this.address = address
    const notify = (): void => this.#waits.notify()
    this.#zones = new ZoneTable(zones, () => performance.now())
    this.#faults = new DnsFaultList(notify)
    this.#log = new QueryLog(options.keepQueries ?? 10_000, notify)
    this.#handler = new QueryHandler({
      zones: this.#zones,
      faults: this.#faults,
      log: this.#log,
      soa,
    })
    this.#sockets = new DnsSockets({
      address,
      port,
      onMessage: (bytes, source, send) => this.#handler.handle(bytes, source, send),
      onChange: notify,
    })
    for (const fault of faults) this.#faults.add(fault)
  }

  get port(): number {
    return this.#sockets.port
  }

  get nameserver(): string {
    return isIPv6(this.address) ? `[${this.address}]:${this.port}` : `${this.address}:${this.port}`
  }

  get zones(): ZoneControl {
    return this.#zones
  }

  get faults(): DnsFaultControl {
    return this.#faults
  }

  get queries(): readonly RecordedQuery[] {
    return this.#log.queries
  }

  clearQueries(): void {
    this.#log.clear()
  }

  waitFor(
    predicate: (server: FaultyDns) => boolean,
    { timeoutMs = 10_000, what = 'the condition of waitFor' }: WaitOptions = {},
  ): Promise<void> {
    return this.#waits.wait(
      () => predicate(this),
      timeoutMs,
      () => `${what}; ${this.#describe()}`,
    )
  }

  async down(): Promise<void> {
    this.#handler.stop()
    await this.#sockets.down()
  }

  async up(): Promise<void> {
    if (this.#isClosed) throw new TypeError('this server was closed for good')
    await this.#sockets.up()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#faults.clear()
    await this.down()
  }

  #describe(): string {
    const last = this.queries.at(-1)
    const latest = last
      ? `the latest ${last.type} ${last.name} over ${last.transport} → ${last.outcome}${last.fault === undefined ? '' : ` (${last.fault})`}`
      : 'none remembered'
    return `queries: ${this.#log.total}, ${latest}`
  }
}
