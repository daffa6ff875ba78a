import type { Json } from '../core/json.ts'
import type { DnsOptions } from '../dns/dns-options.ts'
import type { AlertOptions, DeadLetterOptions, SpoolOptions } from './later-options.ts'
import type { TlsOptions } from './tls-options.ts'

/** How to log in; one kind. The `…File` forms are not available yet: refused. */
export type AuthOptions =
  | { readonly username: string; readonly password: string }
  /** As Elasticsearch gives it out: the `encoded` text, or the answer's `id` and `api_key`. */
  | { readonly apiKey: string | { readonly id: string; readonly api_key: string } }
  | { readonly bearer: string }
  | { readonly username: string; readonly passwordFile: string }
  | { readonly apiKeyFile: string }
  | { readonly bearerFile: string }

export interface TimeoutOptions {
  /** Name, TCP and TLS together, in ms. Default 5,000, of which the name may take 3,000. */
  readonly connectMs?: number
  /** From the last byte out to the first of the answer, in ms. Default 30,000. */
  readonly responseMs?: number
  /** Silence within an answer, in ms. Default 15,000. */
  readonly idleMs?: number
}

export interface RetryOptions {
  /** Highest delay after the first failure, in ms; it doubles from there. Default 500. */
  readonly minDelayMs?: number
  /** Highest delay at all, in ms. Default 15,000. */
  readonly maxDelayMs?: number
}

/** What makes room when memory is full. */
export type WhenFull = 'drop_oldest' | 'drop_newest' | 'backpressure'

export interface MemoryOptions {
  /** All accepted lines without a fate, those in flight too, in bytes; at least 65,536. Default 67,108,864 (64 MiB). */
  readonly maxBytes?: number
  /**
   * Default `drop_oldest`. `backpressure` drops nothing, and holds up a producer that awaits `drain` (the command
   * `ship`, `pipeline()`); pino does not, so it is refused there.
   */
  readonly whenFull?: WhenFull
}

export interface SelfLogOptions {
  /** JSON lines on standard error. Default true. */
  readonly stderr?: boolean
  /** A file for the same lines. Default: none. */
  readonly file?: string
  /** Bytes of that file before it is renamed to `.1`. Default 10,485,760 (10 MiB). */
  readonly maxBytes?: number
  /** The least severity that is written. Default `warn`. */
  readonly minSeverity?: 'info' | 'warn' | 'error'
  /** How often one trouble is reported anew, in ms; repeats are summed up. Default 10,000. */
  readonly repeatMs?: number
  /** Not available yet: `true` is refused. */
  readonly toElasticsearch?: boolean
}

export interface ShutdownOptions {
  /** How long close may take, in ms; at most 9,000, since thread-stream ends the worker after 10 s. Default 5,000. */
  readonly timeoutMs?: number
}

/**
 * Everything that can be set. Plain data: pino clones it into its worker. Unknown names are refused.
 *
 * pino-elasticsearch's names mean the same here, so that it can be replaced by changing the target. Those without
 * meaning (`type`, `esVersion`, `op_type`, `Connection`, `ConnectionPool`, the kebab forms) are reported and ignored.
 */
export interface ShipperOptions {
  /**
   * http or https URL of a node, or several; a path prefix may follow, user name and password may be inside.
   * Default: `PINO_LOUDSINK_NODE` (several: comma between), else `http://127.0.0.1:9200`.
   */
  readonly node?: string | readonly string[]
  /** Elastic Cloud's id, instead of `node`. */
  readonly cloud?: { readonly id: string }
  /** Default: `PINO_LOUDSINK_API_KEY`, or `PINO_LOUDSINK_USERNAME` and `PINO_LOUDSINK_PASSWORD`, else none. */
  readonly auth?: AuthOptions
  readonly tls?: TlsOptions
  /** SHA-256 of the authority that signed the node's certificate, as 64 hex digits, colons allowed. https nodes only. */
  readonly caFingerprint?: string
  /** The same as `tls.rejectUnauthorized`. Default: true; false with `caFingerprint`, which is checked instead. */
  readonly rejectUnauthorized?: boolean
  /**
   * Data stream or index; `%{DATE}` becomes the UTC day of the line, `2026-01-31`.
   * Default: `PINO_LOUDSINK_INDEX`, else `logs-pino-default`.
   */
  readonly index?: string
  /** Largest body of one request, in bytes. Default 1,000,000. */
  readonly flushBytes?: number
  /** Greatest age of a line before it is sent, in ms. Default 1,000. */
  readonly flushInterval?: number
  /** Only `create`: a line that is sent twice must not be stored twice. */
  readonly opType?: 'create'
  /** `ecs`: documents in the Elastic Common Schema (`message`, `log.level`, `error.*`). Default `pino`: as logged. */
  readonly format?: 'pino' | 'ecs'
  /** Added to every document, such as `service.name`; at most 65,536 bytes of JSON. Default: none. */
  readonly fields?: Readonly<Record<string, Json>>
  /** As given to pino. Default `time`; a number in it below 1e11 is s, below 1e14 ms, below 1e17 µs, else ns. */
  readonly timestampKey?: string
  /** As given to pino. Default `msg`. */
  readonly messageKey?: string
  /** As pino writes it. Default `level`. */
  readonly levelKey?: string
  /** Names of levels and their numbers, beside pino's six. */
  readonly levels?: Readonly<Record<string, number>>
  /** Not available yet: only `false`, no proxy, is accepted. */
  readonly proxy?: string | false
  /** Sent with every request. Default: none. */
  readonly headers?: Readonly<Record<string, string>>
  /** Ingest pipeline. Default: the index's own. */
  readonly pipeline?: string
  /** Most documents of one request. Default 5,000. */
  readonly flushItems?: number
  /** Most requests in flight, 1 to 64. Default 4. */
  readonly concurrency?: number
  /** Default `none`: gzip costs more CPU than everything else together. */
  readonly compression?: 'gzip' | 'none'
  readonly timeouts?: TimeoutOptions
  /** There is no limit of tries: a line is kept until it has a fate. */
  readonly retry?: RetryOptions
  readonly memory?: MemoryOptions
  /** Not available yet: refused. */
  readonly spool?: SpoolOptions
  /** Not available yet: only `false` is accepted. */
  readonly deadLetter?: DeadLetterOptions | false
  /**
   * How names are resolved: by our own resolver, which one lost packet cannot stall (the default on Linux), or with `'system'` by
   * getaddrinfo, with our cache and deadline before it.
   */
  readonly dns?: DnsOptions | 'system'
  readonly selfLog?: SelfLogOptions
  /** Not available yet: refused. */
  readonly alerts?: AlertOptions
  readonly shutdown?: ShutdownOptions
}
