import type { Random } from '../core/platform.ts'
import type { askServer } from './ask-server.ts'
import { assembleLookup } from './assemble-lookup.ts'
import type { DnsOptions } from './dns-options.ts'
import { resolveDnsOptions } from './dns-options.ts'
import { EventOutlet } from './event-outlet.ts'
import { withLastResort } from './last-resort.ts'
import { resolveLocally } from './local-names.ts'
import type { Lookup } from './lookup.ts'
import { NameCache } from './name-cache.ts'
import type { Resolve } from './resolution.ts'
import { Resolver } from './resolver.ts'
import type { SourceParts } from './resolver-sources.ts'
import { ResolverSources } from './resolver-sources.ts'
import type { Getaddrinfo } from './system-gate.ts'

/** The machine, handed in: tests have their own files and time. */
export interface ResolverLookupParts extends SourceParts {
  readonly random: Random
  /** Keeps the process alive until the function that it gives is called. */
  readonly hold: () => () => void
  readonly ask: typeof askServer
  readonly getaddrinfo: Getaddrinfo
}

/** A lookup with our own resolver, on the machine that is handed in. Throws a TypeError on faulty options. */
export function createResolverLookup(options: DnsOptions, parts: ResolverLookupParts): Lookup {
  const resolved = resolveDnsOptions(options)
  const { clock, random, hold, ask } = parts
  const events = new EventOutlet()
  const sources = new ResolverSources(resolved, parts, () => cache.forgetFailures())
  const resolver = new Resolver(clock, ask, () => sources.settings)
  const own: Resolve = (name, kind, trace) => resolver.resolve(name, kind, trace)
  // Whoever names servers wants these, and not what the system is set to.
  const resolve = resolved.servers === undefined ? withLastResort(own, parts) : own
  const cache = new NameCache({ clock, random, limits: resolved, resolve, events, hold })
  return assembleLookup({
    cache,
    local: (name) => {
      // Looked at here too, so that a name which failed is asked again as soon as resolv.conf has changed.
      void sources.settings
      return resolveLocally(name, sources.hosts)
    },
    queries: () => resolver.queries,
    onEvent: (listener) => events.add(listener),
    close: () => {
      cache.close()
      resolver.stop()
    },
  })
}
