/** Text or bytes, one or several. */
export type TlsMaterial = string | Uint8Array | readonly (string | Uint8Array)[]

export type TlsVersion = 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3'

/**
 * The part of Node's `tls.connect()` options that survives the way into a worker: plain data, no contexts and no
 * functions. Contents, never names of files.
 */
export interface TlsOptions {
  /** Authorities to trust instead of Node's own, PEM. */
  readonly ca?: TlsMaterial
  /** The client's certificate chain, PEM. */
  readonly cert?: TlsMaterial
  /** The client's private key, PEM. */
  readonly key?: TlsMaterial
  /** Opens `key` or `pfx`. */
  readonly passphrase?: string
  /** The client's key and chain as PKCS#12. */
  readonly pfx?: TlsMaterial
  /** The name to ask for and to check, where it is not the node's. */
  readonly servername?: string
  /** Default: Node's, `TLSv1.2`. */
  readonly minVersion?: TlsVersion
  /** Default: Node's, `TLSv1.3`. */
  readonly maxVersion?: TlsVersion
  /** OpenSSL's cipher list. */
  readonly ciphers?: string
  /** Whether a certificate that no known authority signed ends the connection. Default: Node's, true. */
  readonly rejectUnauthorized?: boolean
}
