import { V4MAPPED } from 'node:dns'
import type { LookupFunction } from 'node:net'
import type { Address } from './address.ts'
import { parseAddress } from './address.ts'
import { describeOutcome } from './describe-outcome.ts'
import type { DnsEvent, DnsStats } from './dns-event.ts'
import { Front } from './front.ts'
import { canonicalName } from './host-name.ts'
import type { Lookup, LookupAsk } from './lookup.ts'
import { DnsLookupError, inOrder, readAsk } from './lookup.ts'
import type { NameCache, Outcome } from './name-cache.ts'
import type { AddressKind } from './resolution.ts'

/** What stands behind a lookup. */
export interface LookupParts {
  readonly cache: NameCache
  /** The addresses of a canonical name that need no question. */
  readonly local: (name: string) => readonly Address[] | undefined
  readonly queries: () => number
  readonly close: () => void
  readonly onEvent: (listener: (event: DnsEvent) => void) => () => void
}

type Callback = Parameters<LookupFunction>[2]

/** Puts the parts together: local names, the cache, and in front of it what `net.connect` expects. */
export function assembleLookup({ cache, local, queries, close, onEvent }: LookupParts): Lookup {
  const source =
    (kind: AddressKind) =>
    async (name: string): Promise<Outcome> => {
      const addresses = local(name)
      return addresses === undefined ? cache.lookup(name, kind) : { kind: 'found', addresses }
    }
  const fronts = { any: new Front(source('any')), ipv6: new Front(source('ipv6')) }
  let turn = 0

  const answer = async (hostname: string, ask: LookupAsk): Promise<readonly Address[]> => {
    // As dns.lookup: an address is its own answer, whatever family was asked for.
    const literal = parseAddress(hostname)
    if (literal !== undefined) return [literal]
    const name = canonicalName(hostname)
    // IPv4 addresses that may stand in for IPv6 ones come with the others.
    const kind = ask.family === 6 && (ask.hints & V4MAPPED) === 0 ? 'ipv6' : 'any'
    const nothing = (why: 'nxdomain' | 'nodata') => describeOutcome(hostname, kind, why)
    if (name === undefined) throw new DnsLookupError(nothing('nxdomain'), hostname)
    const outcome = await fronts[kind].lookup(name, ask)
    if (outcome.kind === 'failed') throw new DnsLookupError(outcome.failure, hostname)
    if (outcome.addresses.length === 0) throw new DnsLookupError(nothing('nodata'), hostname)
    return inOrder(outcome.addresses, ask.ipv6First, turn++)
  }

  const lookup = (hostname: string, options: unknown, callback?: Callback): void => {
    const reply = typeof options === 'function' ? (options as Callback) : callback
    if (typeof hostname !== 'string') throw new TypeError('lookup: hostname must be a string')
    if (typeof reply !== 'function') throw new TypeError('lookup: callback must be a function')
    const ask = readAsk(typeof options === 'function' ? undefined : options)
    // On the next tick: what a callback throws is the process's, not a rejection of ours.
    answer(hostname, ask).then(
      (addresses) => process.nextTick(give, addresses, ask.all, reply),
      (error: Error) => process.nextTick(reply, error, ask.all ? [] : ''),
    )
  }

  const known = (hostname: string): readonly Address[] | undefined => {
    const literal = parseAddress(hostname)
    if (literal !== undefined) return [literal]
    const name = canonicalName(hostname)
    if (name === undefined) return undefined
    return local(name) ?? cache.addresses(name, 'any') ?? cache.addresses(name, 'ipv6')
  }

  return Object.assign(lookup, {
    close,
    onEvent,
    stats: (): DnsStats => ({ ...cache.counts, queries: queries() }),
    prefetch: (hostname: string): void => {
      const name = parseAddress(hostname) === undefined ? canonicalName(hostname) : undefined
      if (name !== undefined && local(name) === undefined) cache.prefetch(name, 'any')
    },
    questions: (hostname: string) => {
      const name = canonicalName(hostname)
      return name === undefined ? [] : cache.questions(name, 'any')
    },
    addresses: (hostname: string) => known(hostname)?.map(({ address }) => address),
  })
}

function give(addresses: readonly Address[], all: boolean, reply: Callback): void {
  const [first] = addresses
  if (all) reply(null, [...addresses.map(copyOf)])
  else if (first !== undefined) reply(null, first.address, first.family)
}

/** Callers may write into what they get. */
function copyOf({ address, family }: Address): Address {
  return { address, family }
}
