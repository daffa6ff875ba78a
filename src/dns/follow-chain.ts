import { isIPv4, isIPv6 } from 'node:net'
import type { Answer } from 'dns-packet'

const mostAddresses = 256
/** BIND follows 16, Unbound 12. */
const mostHops = 16
/** RFC 2181 §8: a TTL with the top bit set is none. */
const longestTtlS = 2 ** 31 - 1

/**
 * The addresses at the end of the chain of CNAMEs that begins at `name`, and the shortest TTL on the way, in seconds. Undefined where
 * there are none, or the chain is a loop.
 */
export function followChain(
  records: readonly Answer[],
  { name, type }: { readonly name: string; readonly type: 'A' | 'AAAA' },
): { readonly addresses: readonly string[]; readonly ttlS: number } | undefined {
  let owner: string | undefined = name.toLowerCase()
  let ttlS = longestTtlS
  for (let hop = 0; hop <= mostHops && owner !== undefined; hop++) {
    const link = readLink(records, owner, type)
    ttlS = Math.min(ttlS, link.ttlS)
    if (link.addresses.length > 0) return { addresses: link.addresses, ttlS }
    owner = link.next
  }
  return undefined
}

/** What the records say of one name. */
function readLink(
  records: readonly Answer[],
  owner: string,
  type: 'A' | 'AAAA',
): {
  readonly addresses: readonly string[]
  readonly next: string | undefined
  readonly ttlS: number
} {
  const isAddress = type === 'A' ? isIPv4 : isIPv6
  const addresses = new Set<string>()
  let next: string | undefined
  let ttlS = longestTtlS
  for (const record of records) {
    if (record.type !== type && record.type !== 'CNAME') continue
    if (record.name.toLowerCase() !== owner) continue
    ttlS = Math.min(ttlS, ttlOf(record.ttl))
    if (record.type === 'CNAME') next ??= record.data.toLowerCase()
    else if (isAddress(record.data)) addresses.add(record.data)
  }
  return { addresses: [...addresses].slice(0, mostAddresses), next, ttlS }
}

/** A TTL as a server may send it, in seconds. */
export function ttlOf(ttl: number | undefined): number {
  return ttl === undefined || ttl > longestTtlS ? 0 : ttl
}
