import type { LookupAddress } from 'node:dns'
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { DnsEvent, DnsOptions, Lookup, ResolverLookupParts } from '../../../src/dns/index.ts'
import { createResolverLookup } from '../../../src/dns/index.ts'
import { realParts } from '../../../src/dns/real-parts.ts'

/** A lookup on a machine of the test's: files of its own, and a getaddrinfo that knows nothing unless told. */
export interface TestLookup extends AsyncDisposable {
  readonly lookup: Lookup
  readonly events: readonly DnsEvent[]
  /** Names that getaddrinfo was asked for. */
  readonly systemAsked: readonly string[]
  /** All addresses, or a rejection. */
  find(hostname: string, options?: object): Promise<readonly string[]>
  /** Replaces a file by rename, as Kubernetes does. */
  write(file: 'resolv.conf' | 'hosts', text: string): void
}

export interface TestLookupOptions {
  readonly options?: DnsOptions
  readonly resolvConf?: string
  readonly hosts?: string
  readonly port?: number
  readonly environment?: Record<string, string>
  readonly getaddrinfo?: ResolverLookupParts['getaddrinfo']
}

export function startLookup(setup: TestLookupOptions): TestLookup {
  const folder = mkdtempSync(join(tmpdir(), 'loudsink-dns-'))
  const write = (file: string, text: string): void => {
    writeFileSync(join(folder, 'new'), text)
    renameSync(join(folder, 'new'), join(folder, file))
  }
  write('resolv.conf', setup.resolvConf ?? '')
  write('hosts', setup.hosts ?? '')
  const events: DnsEvent[] = []
  const systemAsked: string[] = []
  const lookup = createResolverLookup(setup.options ?? {}, {
    ...realParts,
    getaddrinfo: (hostname, options, callback) => {
      systemAsked.push(hostname)
      const { getaddrinfo = knowsNothing } = setup
      getaddrinfo(hostname, options, callback)
    },
    resolvConfPath: join(folder, 'resolv.conf'),
    hostsPath: join(folder, 'hosts'),
    environment: setup.environment ?? {},
    hostname: 'pod-1',
    ...(setup.port !== undefined && { port: setup.port }),
  })
  lookup.onEvent((event) => events.push(event))
  return {
    lookup,
    events,
    systemAsked,
    write,
    find: async (hostname, options) =>
      (await findAll(lookup, hostname, options)).map(({ address }) => address),
    [Symbol.asyncDispose]: async () => {
      lookup.close()
      rmSync(folder, { recursive: true })
      await delay(0)
    },
  }
}

/** All addresses of a name, or a rejection with what the callback got. */
export function findAll(
  lookup: Lookup,
  hostname: string,
  options: object = {},
): Promise<readonly LookupAddress[]> {
  return new Promise((resolve, reject) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error === null) resolve(addresses as LookupAddress[])
      else reject(error)
    })
  })
}

const knowsNothing: ResolverLookupParts['getaddrinfo'] = (hostname, _options, callback) => {
  const error = Object.assign(new Error(`getaddrinfo ENOTFOUND ${hostname}`), { code: 'ENOTFOUND' })
  setImmediate(callback, error, [])
}

/** Waits for something to become true, 5 s at most. */
export async function until(isSo: () => boolean): Promise<void> {
  for (let i = 0; i < 500; i++) {
    if (isSo()) return
    await delay(10)
  }
  throw new Error('did not come to pass')
}

/** How long something took, in ms, and what it gave or threw. */
export async function timed<T>(
  what: Promise<T>,
): Promise<{ ms: number; value?: T; error?: unknown }> {
  const startedMs = performance.now()
  try {
    const value = await what
    return { ms: performance.now() - startedMs, value }
  } catch (error) {
    return { ms: performance.now() - startedMs, error }
  }
}

export function quantile(times: readonly number[], q: number): number {
  const sorted = [...times].sort((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN
}

/** Resolves with the first event of this code. */
export async function eventOf(events: readonly DnsEvent[], code: string): Promise<DnsEvent> {
  await until(() => events.some((event) => event.code === code))
  return events.find((event) => event.code === code)!
}
