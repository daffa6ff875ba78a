import type { EntryObject, Options } from 'cacheable-lookup'
import CacheableLookup from 'cacheable-lookup'
import type { Address } from './address.ts'
import type { Outcome } from './name-cache.ts'
import type { LookupFailure } from './resolution.ts'

/** What the front asks behind itself. Never rejects. */
export type Source = (name: string) => Promise<Outcome>

/** Which of a name's addresses are wanted. */
export interface FrontAsk {
  readonly family: 0 | 4 | 6
  /** IPv4 addresses as IPv6 ones (`::ffff:10.0.0.1`) where there are no others (`V4MAPPED`), or beside them (`ALL` too). */
  readonly hints: number
}

type Reply = (error: Error | null, entries?: { address: string; ttl: number }[]) => void

/** A failure on its way through cacheable-lookup: a code that it does not swallow. */
class Refusal extends Error {
  readonly code = 'ELOOKUP'
  readonly failure: LookupFailure

  constructor(failure: LookupFailure) {
    super(failure.message)
    this.failure = failure
  }
}

/**
 * cacheable-lookup as the outer shape: which addresses fit `family` and `hints`. All that it would do by itself is off:
 *
 * - its cache and its timers (`maxTtl: 0`): they know neither stale answers nor a refresh, and serve too long;
 * - its fall-back to getaddrinfo (`lookup: false`), which is not cached and hangs for every short name;
 * - its parallel A and AAAA: both come from one answer of the source;
 * - its reading of errors: a failed AAAA spoils a good A, `ENOTFOUND` loses its reason; a `Refusal` passes through;
 * - its filter by the interfaces of the moment in which it was made (`ADDRCONFIG`), which takes the loopback for none: not asked for;
 * - its table of pending names is a plain object, where a host called `constructor` is known already: names are prefixed.
 */
export class Front {
  readonly #inner: CacheableLookup

  constructor(source: Source) {
    this.#inner = new CacheableLookup({
      resolver: createAdapter(source),
      lookup: false,
      fallbackDuration: 0,
      maxTtl: 0,
      errorTtl: 0,
    })
  }

  /** The addresses that fit; none where only others are known. Never rejects. */
  async lookup(name: string, { family, hints }: FrontAsk): Promise<Outcome> {
    try {
      const entries = await this.#inner.lookupAsync(`${prefix}${name}`, {
        all: true,
        hints,
        ...(family !== 0 && { family }),
      })
      return { kind: 'found', addresses: entries.map(toAddress) }
    } catch (error) {
      if (error instanceof Refusal) return { kind: 'failed', failure: error.failure }
      // cacheable-lookup's own: nothing fits.
      return { kind: 'found', addresses: [] }
    }
  }
}

const prefix = 'name:'

function toAddress({ address, family }: EntryObject): Address {
  return { address, family }
}

/** What cacheable-lookup takes for a resolver: it asks for both families in one turn, and both come from one question. */
function createAdapter(source: Source): NonNullable<Options['resolver']> {
  let shared: { readonly hostname: string; readonly outcome: Promise<Outcome> } | undefined
  const ask = (hostname: string): Promise<Outcome> => source(hostname.slice(prefix.length))
  const answer = (outcome: Promise<Outcome>, family: 4 | 6, reply: Reply): void => {
    outcome.then(
      (result) => {
        if (result.kind === 'failed') reply(new Refusal(result.failure))
        else reply(null, entriesOf(result.addresses, family))
      },
      (error: unknown) => reply(error instanceof Error ? error : new Error(String(error))),
    )
  }
  const adapter = {
    resolve4: (hostname: string, _options: unknown, reply: Reply): void => {
      shared = { hostname, outcome: ask(hostname) }
      answer(shared.outcome, 4, reply)
    },
    resolve6: (hostname: string, _options: unknown, reply: Reply): void => {
      const outcome = shared?.hostname === hostname ? shared.outcome : ask(hostname)
      shared = undefined
      answer(outcome, 6, reply)
    },
  }
  // It uses these two alone; the type asks for a whole c-ares resolver.
  return adapter as unknown as NonNullable<Options['resolver']>
}

/** New objects each time: cacheable-lookup writes into them. */
function entriesOf(
  addresses: readonly Address[],
  family: 4 | 6,
): { address: string; ttl: number }[] {
  return addresses
    .filter((address) => address.family === family)
    .map(({ address }) => ({ address, ttl: 0 }))
}
