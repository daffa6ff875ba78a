import { assembleLookup } from './assemble-lookup.ts'
import type { ResolverLookupParts } from './create-resolver-lookup.ts'
import type { DnsOptions } from './dns-options.ts'
import { resolveDnsOptions } from './dns-options.ts'
import { EventOutlet } from './event-outlet.ts'
import { resolveLocally } from './local-names.ts'
import type { Lookup } from './lookup.ts'
import { NameCache } from './name-cache.ts'
import { OwnCheck } from './own-check.ts'
import { realParts } from './real-parts.ts'
import { resolveBySystem } from './resolve-by-system.ts'
import { ResolverSources } from './resolver-sources.ts'

/** What is kept how long: the options of `createLookup` that mean something here too. */
export type SystemLookupOptions = Pick<DnsOptions, 'staleMs' | 'minTtlMs' | 'maxTtlMs'>

const noHosts = new Map<string, never>()

/**
 * The system's getaddrinfo behind our cache: addresses are kept for 10 s and asked for again in the background, and used after their time
 * rather than none; one call is in flight at a time, and a lookup waits 3 s at most. A slow or failed one starts, at most once a minute, a
 * check with our own resolver: A, then AAAA, one by one; the event quotes what each got.
 */
export function createSystemLookup(
  options: SystemLookupOptions = {},
  parts: ResolverLookupParts = realParts,
): Lookup {
  const limits = resolveDnsOptions(options)
  const { clock, random, hold, ask } = parts
  const events = new EventOutlet()
  const sources = new ResolverSources(limits, parts, () => undefined)
  const check = new OwnCheck(clock, ask, () => sources.settings)
  const resolve = resolveBySystem(parts, check)
  const cache = new NameCache({ clock, random, limits, resolve, events, hold })
  return assembleLookup({
    cache,
    // The system reads the hosts file itself.
    local: (name) => resolveLocally(name, noHosts),
    queries: () => check.queries,
    onEvent: (listener) => events.add(listener),
    close: () => {
      cache.close()
      check.stop()
    },
  })
}
