import type { DnsOptions } from '../dns/dns-options.ts'
import { parseServer } from '../dns/server-address.ts'
import type { Check } from './check.ts'
import { right, wrong } from './check.ts'
import { list, oneOf, wholeNumber } from './checks.ts'
import { group } from './group.ts'
import { showValue } from './show-value.ts'

const weekMs = 604_800_000
const milliseconds = (min: number, max: number) => wholeNumber('milliseconds', min, max)

const server: Check<string> = (value, path) =>
  typeof value === 'string' && parseServer(value) !== undefined
    ? right(value)
    : wrong(path, 'the IP address of a name server, with a port or without', showValue(value))

const table = {
  servers: list('one to ten addresses of name servers', server, 10),
  ipv6: oneOf(['fallback', 'always', 'never']),
  triesMs: list('one to ten times in milliseconds', milliseconds(1, 60_000), 10),
  staleMs: milliseconds(0, weekMs),
  minTtlMs: milliseconds(0, weekMs),
  maxTtlMs: milliseconds(0, weekMs),
} as const satisfies { readonly [N in keyof Required<DnsOptions>]: Check<unknown> }

const checkGroup = group(table)

/** `'system'`, or how the own resolver is to work. */
export const checkDns: Check<DnsOptions | 'system'> = (value, path) => {
  if (value === 'system') return right(value)
  if (typeof value !== 'object') return wrong(path, "'system' or an object", showValue(value))
  const { value: given, faults } = checkGroup(value, path)
  const { minTtlMs = 1_000, maxTtlMs = 60_000 } = given ?? {}
  if (faults.length > 0 || minTtlMs <= maxTtlMs) return { value: given, faults }
  return wrong(`${path}.minTtlMs`, 'at most maxTtlMs', showValue(minTtlMs))
}
