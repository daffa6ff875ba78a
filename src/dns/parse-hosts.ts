import type { Address } from './address.ts'
import { parseAddress } from './address.ts'

/** Names in lower case, and the addresses that the hosts file gives them. */
export type Hosts = ReadonlyMap<string, readonly Address[]>

/** Reads the text of a hosts file (hosts(5)), whatever it is: lines that make no sense are left out. */
export function parseHosts(text: string): Hosts {
  const hosts = new Map<string, Address[]>()
  for (const line of text.split('\n')) {
    const [first, ...names] = line
      .replace(/#.*$/, '')
      .split(/\s+/)
      .filter((word) => word !== '')
    const address = parseAddress(first ?? '')
    if (address === undefined) continue
    for (const name of names) learn(hosts, name.toLowerCase().replace(/\.$/, ''), address)
  }
  return hosts
}

function learn(hosts: Map<string, Address[]>, name: string, address: Address): void {
  const list = hosts.get(name)
  if (list === undefined) hosts.set(name, [address])
  else if (!list.some((known) => known.address === address.address)) list.push(address)
}
