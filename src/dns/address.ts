import { isIP } from 'node:net'

/** An IP address; IPv6 may carry a zone (`fe80::1%eth0`). */
export interface Address {
  readonly address: string
  readonly family: 4 | 6
}

/** `text` as an address; undefined for anything else. */
export function parseAddress(text: string): Address | undefined {
  const family = isIP(text)
  return family === 4 || family === 6 ? { address: text, family } : undefined
}

/** Whether both lists hold the same addresses, in whatever order. */
export function haveSameAddresses(one: readonly Address[], other: readonly Address[]): boolean {
  if (one.length !== other.length) return false
  const known = new Set(one.map(({ address }) => address))
  return other.every(({ address }) => known.has(address))
}
