import { parseAddress } from './address.ts'

/** What resolv.conf and the environment say (resolv.conf(5)). */
export interface ResolvConf {
  /** Addresses, IPv6 with its zone; at most three, as libc. Empty where none is named. */
  readonly servers: readonly string[]
  /** Domains to try after, or before, the bare name; without dots at the ends. Undefined where none is named. */
  readonly search: readonly string[] | undefined
  /** Names with fewer dots go through the search list first. */
  readonly ndots: number
  /** `timeout` × `attempts`, in ms a server: no question waits longer than libc would. */
  readonly patienceMs: number
  /** Questions start with another server each. */
  readonly rotate: boolean
  /** TCP only. */
  readonly useTcp: boolean
  /** No AAAA questions. */
  readonly noAaaa: boolean
}

/** MAXNS of glibc and musl. */
const mostServers = 3
/** Kubernetes' limit on search domains; glibc has none since 2.26. */
const mostDomains = 32

interface Options {
  ndots: number
  timeoutS: number
  attempts: number
  rotate: boolean
  useTcp: boolean
  noAaaa: boolean
}

/**
 * Reads resolv.conf's text, whatever it is: lines and options that make no sense are left out, as libc does. `LOCALDOMAIN`
 * takes the place of the search list, `RES_OPTIONS` is read after the file's options. `single-request` and
 * `single-request-reopen` have no effect: that is how every question goes.
 */
export function parseResolvConf(
  text: string,
  environment: Readonly<Record<string, string | undefined>>,
): ResolvConf {
  const servers: string[] = []
  let search: readonly string[] | undefined
  const options: Options = {
    ndots: 1,
    timeoutS: 5,
    attempts: 2,
    rotate: false,
    useTcp: false,
    noAaaa: false,
  }
  for (const line of text.split('\n')) {
    if (/^\s*[#;]/.test(line)) continue
    const [keyword, ...values] = words(line)
    if (keyword === 'nameserver') readServer(values[0], servers)
    // The last of the two wins, as in libc; `domain` takes one name.
    else if (keyword === 'search') search = domains(values)
    else if (keyword === 'domain') search = domains(values.slice(0, 1))
    else if (keyword === 'options') readOptions(values, options)
  }
  const localDomain = environment['LOCALDOMAIN']
  if (localDomain !== undefined) search = domains(words(localDomain))
  readOptions(words(environment['RES_OPTIONS'] ?? ''), options)
  const { ndots, timeoutS, attempts, ...flags } = options
  return { servers, search, ndots, patienceMs: timeoutS * attempts * 1000, ...flags }
}

/** A comment may follow after a space: `nameserver 10.0.0.10 # cluster`. */
function words(line: string): readonly string[] {
  return line
    .replace(/\s[#;].*$/, '')
    .split(/\s+/)
    .filter((word) => word !== '')
}

function readServer(text: string | undefined, servers: string[]): void {
  if (text === undefined || servers.length >= mostServers) return
  if (parseAddress(text) !== undefined) servers.push(text)
}

function domains(list: readonly string[]): readonly string[] {
  return list
    .map((domain) => domain.replace(/^\.+|\.+$/g, '').toLowerCase())
    .filter((domain) => domain !== '')
    .slice(0, mostDomains)
}

type Apply = (options: Options, value: string | undefined) => void

/** The bounds are glibc's: RES_MAXNDOTS, RES_MAXRETRANS, RES_MAXRETRY. */
const appliers: ReadonlyMap<string, Apply> = new Map<string, Apply>([
  ['ndots', (options, value) => (options.ndots = number(value, 0, 15) ?? options.ndots)],
  ['timeout', (options, value) => (options.timeoutS = number(value, 1, 30) ?? options.timeoutS)],
  ['attempts', (options, value) => (options.attempts = number(value, 1, 5) ?? options.attempts)],
  ['rotate', (options) => (options.rotate = true)],
  ['use-vc', (options) => (options.useTcp = true)],
  ['no-aaaa', (options) => (options.noAaaa = true)],
])

function readOptions(list: readonly string[], options: Options): void {
  for (const option of list) {
    const colon = option.indexOf(':')
    const name = colon < 0 ? option : option.slice(0, colon)
    appliers.get(name)?.(options, colon < 0 ? undefined : option.slice(colon + 1))
  }
}

function number(text: string | undefined, least: number, most: number): number | undefined {
  const digits = /^[0-9]+/.exec(text ?? '')?.[0]
  return digits === undefined ? undefined : Math.min(most, Math.max(least, Number(digits)))
}
