import type { Json } from '../core/json.ts'
import type { Severity } from '../core/self-log-event.ts'
import type { DnsOptions } from '../dns/dns-options.ts'
import type { WhenFull } from './shipper-options.ts'
import type { TlsOptions } from './tls-options.ts'

export type Auth =
  | { readonly kind: 'basic'; readonly username: string; readonly password: string }
  | {
      readonly kind: 'apiKey'
      /** As it is sent after `ApiKey `. */
      readonly apiKey: string
    }
  | { readonly kind: 'bearer'; readonly token: string }

/** The options as the rooms use them: checked, with every default filled in. */
export interface ResolvedOptions {
  /** Origin and path prefix of each node: no credentials, no slash at the end, no query. At least one. */
  readonly nodes: readonly string[]
  readonly auth?: Auth
  /**
   * `rejectUnauthorized` is in here only if the user said it or `caFingerprint` is set (then false: the check is ours);
   * otherwise Node's own default holds.
   */
  readonly tls: TlsOptions
  /** SHA-256 as 64 lower-case hex digits. */
  readonly caFingerprint?: string
  /** May hold `%{DATE}`, once. */
  readonly index: string
  readonly flushBytes: number
  readonly flushItems: number
  readonly flushIntervalMs: number
  readonly format: 'pino' | 'ecs'
  readonly fields: Readonly<Record<string, Json>>
  readonly timestampKey: string
  /** Left out: what pino tells, else `msg`. */
  readonly messageKey?: string
  readonly levelKey: string
  /** Name → number, beside pino's six. Left out: what pino tells. */
  readonly levels?: Readonly<Record<string, number>>
  /** Left out: the own resolver, with its defaults. */
  readonly dns?: DnsOptions | 'system'
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly pipeline?: string
  readonly concurrency: number
  readonly compression: 'none' | 'gzip'
  readonly timeouts: {
    readonly connectMs: number
    /** Part of `connectMs`, never above it. */
    readonly dnsMs: number
    readonly responseMs: number
    readonly idleMs: number
    readonly totalMs: number
    /** In place of `responseMs` for a probe. */
    readonly probeMs: number
  }
  readonly retry: { readonly minDelayMs: number; readonly maxDelayMs: number }
  readonly memory: { readonly maxBytes: number; readonly whenFull: WhenFull }
  readonly selfLog: {
    readonly stderr: boolean
    readonly file?: string
    readonly maxBytes: number
    readonly minSeverity: Severity
    readonly repeatMs: number
  }
  readonly shutdown: { readonly timeoutMs: number }
  /** Names of pino-elasticsearch that were given and mean nothing here, in the order given. */
  readonly ignored: readonly string[]
}
