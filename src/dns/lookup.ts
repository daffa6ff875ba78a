import { ADDRCONFIG } from 'node:dns'
import type { LookupFunction } from 'node:net'
import type { Address } from './address.ts'
import type { DnsEvent, DnsStats, QuestionReport } from './dns-event.ts'

/**
 * A `lookup` for `net.connect`, `http.Agent`, undici and whatever takes one, as `dns.lookup` is, with a cache behind it. Errors are
 * `Error` objects with `code` (`ENOTFOUND`, `EAI_AGAIN`, `ESERVFAIL`, `ETIMEOUT`; `ECANCELLED` after `close`), `hostname` and
 * `syscall`. A lookup that waits keeps the process alive; nothing else here does.
 */
export type Lookup = LookupFunction & {
  /** Stops all questions and timers; lookups fail from then on. Idempotent. */
  close(): void
  stats(): DnsStats
  /** Calls `listener` with each event; gives the way out. */
  onEvent(listener: (event: DnsEvent) => void): () => void
  /** Starts to resolve a name that will be needed, unless it is known. Keeps nothing alive. */
  prefetch(hostname: string): void
  /** What the latest resolution of a name has asked, so far where it goes on; empty where nothing was asked. */
  questions(hostname: string): readonly QuestionReport[]
  /** What a lookup would get now without waiting, stale addresses too; undefined where nothing is known. */
  addresses(hostname: string): readonly string[] | undefined
}

/** Which addresses a caller wants, read from whatever he gave. */
export interface LookupAsk {
  readonly all: boolean
  readonly family: 0 | 4 | 6
  readonly hints: number
  readonly ipv6First: boolean
}

/** An error as Node's own resolvers make them. */
export class DnsLookupError extends Error {
  readonly code: string
  readonly hostname: string
  readonly syscall: string

  constructor(
    failure: { readonly code: string; readonly message: string; readonly syscall: string },
    hostname: string,
  ) {
    super(failure.message)
    this.name = 'DnsLookupError'
    this.code = failure.code
    this.hostname = hostname
    this.syscall = failure.syscall
  }
}

/**
 * Reads the options of `dns.lookup`: an object, a family, or nothing. `ADDRCONFIG` is left out: addresses of a family that this
 * machine does not have come last anyway, and are better than none.
 */
export function readAsk(options: unknown): LookupAsk {
  if (typeof options !== 'object' || options === null) {
    return { all: false, family: readFamily(options), hints: 0, ipv6First: false }
  }
  const given: Readonly<Record<string, unknown>> = { ...options }
  return {
    all: given['all'] === true,
    family: readFamily(given['family']),
    hints: typeof given['hints'] === 'number' ? given['hints'] & ~ADDRCONFIG : 0,
    ipv6First: given['order'] === 'ipv6first',
  }
}

function readFamily(family: unknown): 0 | 4 | 6 {
  if (family === 4 || family === 'IPv4') return 4
  if (family === 6 || family === 'IPv6') return 6
  return 0
}

/** The addresses in the order in which to try them: one family after the other, each begun with another address every turn. */
export function inOrder(
  addresses: readonly Address[],
  ipv6First: boolean,
  turn: number,
): readonly Address[] {
  const four = addresses.filter(({ family }) => family === 4)
  const six = addresses.filter(({ family }) => family === 6)
  const [first, second] = ipv6First ? [six, four] : [four, six]
  return [...turned(first, turn), ...turned(second, turn)]
}

function turned(list: readonly Address[], turn: number): readonly Address[] {
  const first = list.length === 0 ? 0 : turn % list.length
  return [...list.slice(first), ...list.slice(0, first)]
}
