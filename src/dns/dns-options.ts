import { parseServer } from './server-address.ts'

/** How names are resolved. Plain data; all of it optional. */
export interface DnsOptions {
  /** IP addresses of name servers: `10.0.0.10`, `10.0.0.10:5353`, `fd00::10`, `[fd00::10]:5353`. Default: those of resolv.conf. */
  readonly servers?: readonly string[]
  /**
   * When IPv6 addresses are asked for: only where there is no IPv4 address, always (after A, and never longer than 250 ms once
   * A is there), or never. Default `fallback`.
   */
  readonly ipv6?: 'fallback' | 'always' | 'never'
  /** How long each try waits before the next one, in ms. Default 200, 400, 800, 1600. */
  readonly triesMs?: readonly number[]
  /** How long an address may be used after its time while no server answers, in ms. Default 24 h. */
  readonly staleMs?: number
  /** Least time that an answer is kept, in ms. Default 1,000. */
  readonly minTtlMs?: number
  /** Longest time that an answer is kept, in ms. Default 60,000. */
  readonly maxTtlMs?: number
}

/** `DnsOptions` with every default filled in; without `servers` those of resolv.conf. */
export type ResolvedDnsOptions = Required<Omit<DnsOptions, 'servers'>> & Pick<DnsOptions, 'servers'>

const defaults = {
  ipv6: 'fallback',
  triesMs: [200, 400, 800, 1600],
  staleMs: 86_400_000,
  minTtlMs: 1_000,
  maxTtlMs: 60_000,
} as const

const known = new Set(['servers', ...Object.keys(defaults)])
const mostTries = 10
/** A week: longer is a mistake, and far below what a timer can hold. */
const longestMs = 604_800_000

/** Checks options and fills in the defaults. Throws one TypeError that names every fault. */
export function resolveDnsOptions(options: DnsOptions): ResolvedDnsOptions {
  const given = Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  )
  const resolved: ResolvedDnsOptions = { ...defaults, ...given }
  const faults = [...faultsOf(resolved)]
  if (faults.length > 0) throw new TypeError(`dns options: ${faults.join('; ')}`)
  return resolved
}

function* faultsOf(options: ResolvedDnsOptions): Generator<string> {
  for (const name of Object.keys(options)) if (!known.has(name)) yield `unknown name ${name}`
  if (options.servers !== undefined && !areServers(options.servers)) {
    yield `servers: not a list of IP addresses: ${JSON.stringify(options.servers)}`
  }
  if (!['fallback', 'always', 'never'].includes(options.ipv6)) {
    yield `ipv6: not fallback, always or never: ${JSON.stringify(options.ipv6)}`
  }
  if (!areTries(options.triesMs)) {
    yield `triesMs: not 1 to ${mostTries} times of 1 to 60,000 ms: ${JSON.stringify(options.triesMs)}`
  }
  for (const name of ['staleMs', 'minTtlMs', 'maxTtlMs'] as const) {
    if (!isWithin(options[name], 0, longestMs)) {
      yield `${name}: not 0 to ${longestMs} ms: ${JSON.stringify(options[name])}`
    }
  }
  if (options.minTtlMs > options.maxTtlMs) yield 'minTtlMs: above maxTtlMs'
}

function areServers(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((server) => typeof server === 'string' && parseServer(server) !== undefined)
  )
}

function areTries(value: unknown): boolean {
  if (!Array.isArray(value) || value.length === 0 || value.length > mostTries) return false
  return value.every((ms) => isWithin(ms, 1, 60_000))
}

function isWithin(value: unknown, least: number, most: number): boolean {
  return typeof value === 'number' && value >= least && value <= most
}
