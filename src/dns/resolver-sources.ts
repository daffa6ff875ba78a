import type { Clock } from '../core/platform.ts'
import type { ResolvedDnsOptions } from './dns-options.ts'
import type { Hosts } from './parse-hosts.ts'
import { parseHosts } from './parse-hosts.ts'
import type { ResolvConf } from './parse-resolv-conf.ts'
import { parseResolvConf } from './parse-resolv-conf.ts'
import type { ResolverSettings } from './resolver-settings.ts'
import { parseServer } from './server-address.ts'
import { ServerPool } from './server-pool.ts'
import type { ConfigFiles } from './watched-file.ts'
import { WatchedFile } from './watched-file.ts'

/** Where a machine keeps what its resolver has to know. */
export interface SourceParts {
  readonly clock: Clock
  readonly files: ConfigFiles
  readonly resolvConfPath: string
  readonly hostsPath: string
  /** `RES_OPTIONS` and `LOCALDOMAIN`. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** This machine's name: its domain is the search list where none is given. */
  readonly hostname: string
  /** Where name servers listen. Default 53. */
  readonly port?: number
}

/** What libc takes where resolv.conf names no server. */
const localServer = '127.0.0.1'

/** resolv.conf and the hosts file, as they are now, under the options. */
export class ResolverSources {
  readonly #options: ResolvedDnsOptions
  readonly #port: number | undefined
  readonly #hostname: string
  readonly #conf: WatchedFile<ResolvConf>
  readonly #hosts: WatchedFile<Hosts>
  readonly #changed: () => void
  #settings: ResolverSettings | undefined
  #version = -1

  /** `changed` is called when resolv.conf has been found to be another. */
  constructor(options: ResolvedDnsOptions, parts: SourceParts, changed: () => void) {
    const { clock, files, environment } = parts
    this.#options = options
    this.#port = parts.port
    this.#hostname = parts.hostname
    this.#changed = changed
    const parse = (text: string) => parseResolvConf(text, environment)
    this.#conf = new WatchedFile(parts.resolvConfPath, parse, files, clock)
    this.#hosts = new WatchedFile(parts.hostsPath, parseHosts, files, clock)
  }

  get hosts(): Hosts {
    return this.#hosts.value
  }

  /** What holds now. The pool, and with it which server is silent, stays as long as resolv.conf does. */
  get settings(): ResolverSettings {
    const version = this.#conf.version
    if (this.#settings !== undefined && version === this.#version) return this.#settings
    const isFirst = this.#settings === undefined
    this.#version = version
    this.#settings = this.#read(this.#conf.value)
    if (!isFirst) this.#changed()
    return this.#settings
  }

  #read(conf: ResolvConf): ResolverSettings {
    const { servers = conf.servers, ipv6, triesMs } = this.#options
    const named = servers.length > 0 ? servers : [localServer]
    const addresses = named.flatMap((text) => parseServer(text, this.#port) ?? [])
    return {
      pool: new ServerPool(addresses, conf.rotate),
      serversNamed: servers.length > 0,
      search: conf.search ?? domainOf(this.#hostname),
      ndots: conf.ndots,
      tcp: conf.useTcp,
      ipv6: conf.noAaaa ? 'never' : ipv6,
      triesMs,
      patienceMs: conf.patienceMs * addresses.length,
    }
  }
}

function domainOf(hostname: string): readonly string[] {
  const dot = hostname.indexOf('.')
  const domain = dot < 0 ? '' : hostname.slice(dot + 1).toLowerCase()
  return domain === '' ? [] : [domain]
}
