/** What became of one question. `waiting`: no answer yet, and time is left. */
export type QuestionOutcome =
  | 'answered'
  | 'nodata'
  | 'nxdomain'
  | 'servfail'
  | 'refused'
  | 'formerr'
  | 'notimp'
  /** Another error code, or bytes that are no answer. */
  | 'malformed'
  /** The system would not send, or the server's port is closed. */
  | 'unreachable'
  | 'timeout'
  | 'waiting'

/** One question to the name servers: a name of the search list, and a type. */
export interface QuestionReport {
  /** The full name that was asked for. */
  readonly name: string
  readonly type: 'A' | 'AAAA'
  /** Who answered, else who was asked last; with its port where that is not 53. */
  readonly server: string
  /** Queries sent. */
  readonly tries: number
  readonly outcome: QuestionOutcome
  /** From the first query to the outcome, in ms. */
  readonly ms: number
  /** A try was answered quickly by the server that an earlier try, from another port, got no answer from. */
  readonly lostPacket: boolean
}

/**
 * `dns.slow` over 250 ms; `dns.stale`: the servers do not answer, addresses are used after their time; `dns.failed`: there is
 * no address to give. These are the stages of one incident a name, each told once; `dns.recovered` closes it. `dns.changed`
 * stands alone.
 */
export type DnsEventCode = 'dns.slow' | 'dns.stale' | 'dns.failed' | 'dns.changed' | 'dns.recovered'

/** One thing about a name that an operator should know. */
export interface DnsEvent {
  readonly code: DnsEventCode
  /** As it was asked for, in lower case. */
  readonly name: string
  /** Of the resolution, so far where it goes on; for `dns.recovered` of the incident. */
  readonly durationMs: number
  readonly questions: readonly QuestionReport[]
  /** A and AAAA differ in fate by a timeout, or a question was answered quickly from a second port: see README, "Five-second DNS". */
  readonly lostPacketSignature: boolean
  /** What is known now. */
  readonly addresses?: readonly string[]
  /** What was known before, for `dns.changed`. */
  readonly previous?: readonly string[]
  readonly error?: { readonly code: string; readonly message: string }
}

/** Counts since the lookup was made. */
export interface DnsStats {
  /** Names in the cache, those known not to exist included. */
  readonly names: number
  /** Lookups answered from the cache within the time of the answer. */
  readonly hits: number
  /** Lookups answered after the time of the answer. */
  readonly stale: number
  /** Lookups that had to wait for a resolution. */
  readonly misses: number
  /** Resolutions that gave no address. */
  readonly failures: number
  /** Queries sent to name servers. */
  readonly queries: number
}
