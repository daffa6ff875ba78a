import type { Auth } from './credentials.ts'
import type { Fault } from './fault.ts'
import type { Mappings } from './field-mapping.ts'
import type { TlsFiles } from './http-server.ts'

/** How a faulty Elasticsearch is set up. All of it may be left out. */
export interface FaultyElasticsearchOptions {
  /** Port on 127.0.0.1. Default 0: a free one, kept through `down()` and `up()`. */
  readonly port?: number
  /** Faults from the start. More can be added while it runs. */
  readonly faults?: readonly Fault[]
  /** Credentials that every request must show; 401 without. Default: none. */
  readonly auth?: Auth
  /** HTTPS with this key and certificate (PEM). Default: HTTP. */
  readonly tls?: TlsFiles
  /** `{ n: 'long' }` refuses a document whose `n` is a text, as a mapping conflict does. Default: any value fits. */
  readonly mappings?: Mappings
  /** Names that are data streams: they take `create` only and want `@timestamp`. `logs-…` always are. */
  readonly dataStreams?: readonly string[]
  /** Ingest pipelines that exist; they change nothing. Default: every name does. */
  readonly pipelines?: readonly string[]
  /** Query parameters to refuse with 400 although Elasticsearch 9 knows them, as older servers and look-alikes do. */
  readonly refusedParameters?: readonly string[]
  /** Bodies above this many bytes, unpacked, get 413. Default 104,857,600 (100 MiB), as Elasticsearch. */
  readonly maxBodyBytes?: number
  /** The server lives below this path (`/es`); outside of it a proxy says 404. Default: none. */
  readonly pathPrefix?: string
  /** How many requests are remembered. Default 10,000. */
  readonly keepRequests?: number
  /** For `when.node` of faults, and as the node's name. Default `faulty-1`. */
  readonly name?: string
}
