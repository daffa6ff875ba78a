import { isIPv4, isIPv6 } from 'node:net'
import { isSendable, parentOf, plainName } from './domain-name.ts'

/** The records of one name at one time. A `CNAME` stands alone. */
export interface ZoneState {
  readonly A?: readonly string[]
  readonly AAAA?: readonly string[]
  /** Another name, in the zones or not; a chain of them may be a loop. */
  readonly CNAME?: string
  /** In seconds. Default 30. */
  readonly ttl?: number
}

/** The records of one name, and what they become by themselves. */
export interface ZoneRecords extends ZoneState {
  /** So many ms after they were set, these records take their place: addresses that change over time. */
  readonly later?: readonly (ZoneState & { readonly afterMs: number })[]
}

/**
 * Names with their records, as plain data: `{ 'es.test': { A: ['127.0.0.1'], ttl: 5 } }`. `*.test` stands for
 * every name below `test` that has no records of its own. `{}` is a name without records.
 */
export type Zones = Readonly<Record<string, ZoneRecords>>

/** The names that a server knows, changeable while it runs. Case and a dot at the end make no difference. */
export interface ZoneControl {
  /** Replaces all records of a name. Throws TypeError for records that no server could send. */
  set(name: string, records: ZoneRecords): void
  /** Forgets a name: NXDOMAIN from now on. False if it was not known. */
  delete(name: string): boolean
  get(name: string): ZoneRecords | undefined
  /** The names that are known, in the order in which they were first set. */
  readonly names: readonly string[]
}

/** What a name has: records, no record although it exists, or it does not exist. */
export type ZoneLook =
  | { readonly kind: 'records'; readonly state: ZoneState }
  | { readonly kind: 'empty' }
  | { readonly kind: 'unknown' }

/** So many of one type fit into one answer over TCP, whatever their name. */
const maxAddresses = 200

/** The zones of a server. */
export class ZoneTable implements ZoneControl {
  readonly #now: () => number
  readonly #entries = new Map<string, { readonly records: ZoneRecords; readonly setAt: number }>()

  /** `now` in monotonic ms. */
  constructor(zones: Zones, now: () => number) {
    this.#now = now
    for (const [name, records] of Object.entries(zones)) this.set(name, records)
  }

  get names(): readonly string[] {
    return [...this.#entries.keys()]
  }

  set(name: string, records: ZoneRecords): void {
    checkRecords(name, records)
    this.#entries.set(plainName(name), { records, setAt: this.#now() })
  }

  delete(name: string): boolean {
    return this.#entries.delete(plainName(name))
  }

  get(name: string): ZoneRecords | undefined {
    return this.#entries.get(plainName(name))?.records
  }

  /** What a plain name has now. A wildcard covers what has no closer name (RFC 4592 §3.3.1). */
  look(name: string): ZoneLook {
    const own = this.#stateOf(name)
    if (own) return { kind: 'records', state: own }
    if (this.#hasBelow(name)) return { kind: 'empty' }
    for (let parent = parentOf(name); parent !== undefined; parent = parentOf(parent)) {
      const wild = this.#stateOf(parent === '' ? '*' : `*.${parent}`)
      if (wild) return { kind: 'records', state: wild }
      if (this.#entries.has(parent) || this.#hasBelow(parent)) break
    }
    return { kind: 'unknown' }
  }

  #stateOf(name: string): ZoneState | undefined {
    const entry = this.#entries.get(name)
    if (!entry) return undefined
    const { later = [], ...first } = entry.records
    const age = this.#now() - entry.setAt
    const reached = later.filter(({ afterMs }) => afterMs <= age)
    const latest = reached.sort((a, b) => a.afterMs - b.afterMs).at(-1)
    if (!latest) return first
    return first.ttl === undefined ? latest : { ttl: first.ttl, ...latest }
  }

  #hasBelow(name: string): boolean {
    const end = name === '' ? '' : `.${name}`
    return this.names.some((known) => known !== name && known.endsWith(end))
  }
}

function checkRecords(name: string, records: ZoneRecords): void {
  const refuse = (why: string): never => {
    throw new TypeError(
      `${why}, in the records of ${JSON.stringify(name)}: ${JSON.stringify(records)}`,
    )
  }
  if (!isSendable(name)) refuse('not a domain name')
  const { later = [] } = records
  for (const state of [records, ...later]) checkState(state, refuse)
  if (later.some(({ afterMs }) => !(afterMs >= 0)))
    refuse('afterMs must be a number of ms, 0 or more')
}

function checkState(state: ZoneState, refuse: (why: string) => never): void {
  const { A = [], AAAA = [], CNAME, ttl = 0 } = state
  if (!A.every(isIPv4)) refuse('A must be a list of IPv4 addresses')
  if (!AAAA.every((address) => isIPv6(address) && !address.includes('%'))) {
    refuse('AAAA must be a list of IPv6 addresses')
  }
  if (Math.max(A.length, AAAA.length) > maxAddresses) refuse(`at most ${maxAddresses} addresses`)
  if (CNAME !== undefined && !isSendable(CNAME)) refuse('CNAME must be a domain name')
  if (CNAME !== undefined && A.length + AAAA.length > 0) refuse('a CNAME stands alone')
  if (!(Number.isInteger(ttl) && ttl >= 0 && ttl < 2 ** 31))
    refuse('ttl must be a number of seconds')
}
