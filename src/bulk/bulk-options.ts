import type { LookupFunction } from 'node:net'

/** Text or bytes, one or several. */
export type TlsMaterial = string | Uint8Array | readonly (string | Uint8Array)[]

/** Node's `tls.connect()` options, as far as they are plain data. Contents, never names of files. */
export interface BulkTlsOptions {
  readonly ca?: TlsMaterial
  readonly cert?: TlsMaterial
  readonly key?: TlsMaterial
  readonly pfx?: TlsMaterial
  readonly passphrase?: string
  /** The name to ask for and to check, where it is not the node's. */
  readonly servername?: string
  readonly minVersion?: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3'
  readonly maxVersion?: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3'
  readonly ciphers?: string
  readonly rejectUnauthorized?: boolean
}

export type BulkAuth =
  | { readonly kind: 'basic'; readonly username: string; readonly password: string }
  | {
      readonly kind: 'apiKey'
      /** As it is sent after `ApiKey `. */
      readonly apiKey: string
    }
  | { readonly kind: 'bearer'; readonly token: string }

export interface BulkTimeouts {
  /** Name, TCP and TLS in all; waiting for a free socket ends after as long. */
  readonly connectMs: number
  /** Of `connectMs`, for the name. */
  readonly dnsMs: number
  /** From the first byte out to the last header in. */
  readonly responseMs: number
  /** Between two pieces of the answer's body. */
  readonly idleMs: number
  /** The exchange in all, its quick tries included. */
  readonly totalMs: number
  /** In place of `responseMs` for a probe. */
  readonly probeMs: number
}

/** Everything is required, but for what has no sense as a default. */
export interface BulkOptions {
  /** Origin and path prefix of each node, without credentials. At least one. */
  readonly nodes: readonly string[]
  readonly auth?: BulkAuth
  readonly tls: BulkTlsOptions
  /**
   * SHA-256 of the authority that must have signed the node's chain, in hex, colons allowed; https only.
   * For an authority that Node does not trust, `tls.rejectUnauthorized` has to be false: the check is ours then.
   */
  readonly caFingerprint?: string
  /** Sent with each request. */
  readonly headers: Readonly<Record<string, string>>
  readonly timeouts: BulkTimeouts
  /** Connections open at once, per node. */
  readonly maxSockets: number
  /** Default: `node:dns`'s `lookup`. */
  readonly lookup?: LookupFunction
}
