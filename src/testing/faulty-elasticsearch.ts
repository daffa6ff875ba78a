import type { StoredDocument } from './document-store.ts'
import { DocumentStore } from './document-store.ts'
import type { FaultControl } from './fault-control.ts'
import { FaultList } from './fault-list.ts'
import { GatedHttpServer } from './http-server.ts'
import type { FaultyElasticsearchOptions } from './options.ts'
import type { OracleOptions, OracleReport } from './oracle.ts'
import { consultOracle } from './oracle.ts'
import { RequestHandler } from './request-handler.ts'
import type { RecordedRequest } from './request-log.ts'
import { RequestLog } from './request-log.ts'
import { WaitList } from './wait-list.ts'

/** How long to wait for something. */
export interface WaitOptions {
  /** Default 10,000. */
  readonly timeoutMs?: number
  /** For the message when it was in vain. */
  readonly what?: string
}

/** A running server. Its methods that wait reject at their deadline with what is there instead. */
export interface FaultyElasticsearch {
  /** `http://127.0.0.1:PORT`, or `https:`, with the path prefix: for the option `node`. */
  readonly url: string
  readonly port: number
  readonly faults: FaultControl
  /** Requests whose end is known, oldest first. */
  readonly requests: readonly RecordedRequest[]
  /** Open connections. */
  readonly connections: number
  /** All connections that were ever accepted. */
  readonly connectionsAccepted: number
  /** The stored documents, of one index or data stream (`*` is a wildcard) or of all. */
  documents(index?: string): Iterable<StoredDocument>
  count(index?: string): number
  /** What was lost, what is there twice. Throws TypeError when `options` do not say what to expect. */
  oracle(options: OracleOptions): OracleReport
  /** How many times a document with this `_id` came in whole, stored or not. */
  timesReceived(id: string): number
  /** Begins the next backing index of a data stream: ids are unique in one backing index only. */
  rollover(dataStream: string): void
  /** Resolves when the predicate is true; looks after each change, and every 20 ms. */
  waitFor(predicate: (server: FaultyElasticsearch) => boolean, options?: WaitOptions): Promise<void>
  /** Resolves when at least `count` documents are stored. Their answer may still be on its way. */
  waitForDocuments(count: number, options?: WaitOptions): Promise<void>
  /** Takes the server away: nothing listens, every connection is destroyed. The documents stay. */
  down(): Promise<void>
  /** Brings it back on the same port. Rejects when another process has taken it. */
  up(): Promise<void>
  /** Ends it for good. Idempotent. */
  close(): Promise<void>
}

const defaultMaxBodyBytes = 100 * 1024 * 1024

/**
 * Starts a real HTTP(S) server on 127.0.0.1 that answers as Elasticsearch 9.5.3 does, keeps the documents in memory
 * and plays the faults that it is told to. For tests. Rejects when the port is taken; throws TypeError for a fault
 * that makes no sense.
 */
export async function createFaultyElasticsearch(
  options: FaultyElasticsearchOptions = {},
): Promise<FaultyElasticsearch> {
  const server = new Server(options)
  await server.up()
  return server
}

class Server implements FaultyElasticsearch {
  readonly #options: FaultyElasticsearchOptions
  readonly #store: DocumentStore
  readonly #faults: FaultList
  readonly #log: RequestLog
  readonly #http: GatedHttpServer
  readonly #waits = new WaitList()
  #isClosed = false

  constructor(options: FaultyElasticsearchOptions) {
    this.#options = options
    const { name = 'faulty-1', pathPrefix = '' } = options
    const notify = (): void => this.#waits.notify()
    this.#store = new DocumentStore(options.dataStreams ?? [])
    this.#log = new RequestLog(options.keepRequests ?? 10_000, notify)
    this.#faults = new FaultList(name, () => this.#http.swallowAll(), notify)
    const handler = new RequestHandler({
      state: {
        name,
        store: this.#store,
        mappings: options.mappings ?? {},
        auth: options.auth,
        pipelines: options.pipelines,
        refusedParameters: options.refusedParameters ?? [],
      },
      faults: this.#faults,
      log: this.#log,
      maxBodyBytes: options.maxBodyBytes ?? defaultMaxBodyBytes,
      pathPrefix,
    })
    this.#http = new GatedHttpServer({
      port: options.port ?? 0,
      tls: options.tls,
      onConnection: (number) => {
        if (this.#faults.blackHole) return 'swallow'
        return this.#faults.onAccept(number) ? 'reset' : 'serve'
      },
      onRequest: (request, response, gate, waits) =>
        void handler.handle(request, response, gate, waits),
      onChange: notify,
    })
    for (const fault of options.faults ?? []) this.#faults.add(fault)
  }

  get url(): string {
    const scheme = this.#options.tls ? 'https' : 'http'
    return `${scheme}://127.0.0.1:${this.port}${this.#options.pathPrefix ?? ''}`
  }

  get port(): number {
    return this.#http.port
  }

  get faults(): FaultControl {
    return this.#faults
  }

  get requests(): readonly RecordedRequest[] {
    return this.#log.requests
  }

  get connections(): number {
    return this.#http.connections
  }

  get connectionsAccepted(): number {
    return this.#http.accepted
  }

  documents(index?: string): Iterable<StoredDocument> {
    return this.#store.documents(index)
  }

  count(index?: string): number {
    return this.#store.count(index)
  }

  oracle(options: OracleOptions): OracleReport {
    return consultOracle(this.documents(options.index), options)
  }

  timesReceived(id: string): number {
    return this.#log.timesReceived(id)
  }

  rollover(dataStream: string): void {
    this.#store.rollover(dataStream)
  }

  waitFor(
    predicate: (server: FaultyElasticsearch) => boolean,
    { timeoutMs = 10_000, what = 'the condition of waitFor' }: WaitOptions = {},
  ): Promise<void> {
    return this.#waits.wait(
      () => predicate(this),
      timeoutMs,
      () => `${what}; ${this.#describe()}`,
    )
  }

  waitForDocuments(count: number, options: WaitOptions = {}): Promise<void> {
    const what = options.what ?? `${count} documents`
    return this.waitFor(() => this.count() >= count, { ...options, what })
  }

  async down(): Promise<void> {
    await this.#http.down()
  }

  async up(): Promise<void> {
    if (this.#isClosed) throw new TypeError('this server was closed for good')
    await this.#http.up()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#faults.clear()
    await this.#http.down()
  }

  #describe(): string {
    const last = this.requests.at(-1)
    const latest = last
      ? `the latest ${last.method} ${last.path} → ${last.answered}${last.fault === undefined ? '' : ` (${last.fault})`}`
      : 'no request yet'
    return `stored: ${this.count()}, requests: ${last?.number ?? 0}, connections: ${this.connections}, ${latest}`
  }
}
