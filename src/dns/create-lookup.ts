import process from 'node:process'
import { createResolverLookup } from './create-resolver-lookup.ts'
import { createSystemLookup } from './create-system-lookup.ts'
import type { DnsOptions } from './dns-options.ts'
import { resolveDnsOptions } from './dns-options.ts'
import type { Lookup } from './lookup.ts'
import { realParts } from './real-parts.ts'

/**
 * A `lookup` that one lost packet cannot stall: names are resolved with one question at a time, each try from a port of its own; answers
 * are cached, refreshed in the background, and used after their time rather than failing. Without `servers` it follows resolv.conf, and
 * asks getaddrinfo for what the servers do not know. Off Linux, where resolv.conf does not tell, it is `createSystemLookup`, unless
 * `servers` are given. Throws a TypeError on faulty options.
 *
 * ```ts
 * const lookup = createLookup()
 * new http.Agent({ lookup }); new undici.Agent({ connect: { lookup } })
 * ```
 */
export function createLookup(options: DnsOptions = {}): Lookup {
  if (process.platform === 'linux' || options.servers !== undefined) {
    return createResolverLookup(options, realParts)
  }
  const { staleMs, minTtlMs, maxTtlMs } = resolveDnsOptions(options)
  return createSystemLookup({ staleMs, minTtlMs, maxTtlMs })
}
