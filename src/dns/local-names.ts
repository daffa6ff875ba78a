import type { Address } from './address.ts'
import { withoutDot } from './host-name.ts'
import type { Hosts } from './parse-hosts.ts'

const loopback: readonly Address[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
]

/**
 * The addresses of a name that no name server is asked for: one of the hosts file, or localhost and what is below it (RFC 6761
 * §6.3). IPv4 first. `name` is in lower case; undefined for all others.
 */
export function resolveLocally(name: string, hosts: Hosts): readonly Address[] | undefined {
  const plain = withoutDot(name)
  const listed = hosts.get(plain)
  if (listed !== undefined) return [...listed].sort((one, other) => one.family - other.family)
  return plain === 'localhost' || plain.endsWith('.localhost') ? loopback : undefined
}
