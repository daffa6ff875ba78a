import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import process from 'node:process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { DnsFault, RecordedQuery, Zones } from '../../src/testing/dns/index.ts'
import type { LabOrder, LabRequest, LabResponse } from './name-server.ts'
import type { Namespaces } from './namespaces.ts'
import { addresses, createNamespaces } from './namespaces.ts'

export interface LabOptions {
  /** Of the first name server. */
  readonly faults?: readonly DnsFault[]
  /** Of both. */
  readonly zones?: Zones
  /** The client's /etc/resolv.conf. Default: the first name server, no options. */
  readonly resolvConf?: string
}

export interface LabEnding {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A client with a resolver of its own, two faulty name servers and an HTTP target, in namespaces of their own. */
export interface Lab {
  /** Runs a command in the client's namespace until it ends; killed after `timeoutMs` (default 60,000). */
  run(command: readonly string[], options?: LabRunOptions): Promise<LabEnding>
  /** Starts a command in the client's namespace. `close()` ends it. */
  spawn(command: readonly string[], options?: LabRunOptions): ChildProcess
  /** Replaces the faults of a name server, 0 or 1. */
  setFaults(faults: readonly DnsFault[], server?: number): Promise<void>
  setZones(zones: Zones): Promise<void>
  setResolvConf(content: string): void
  queries(server?: number): Promise<readonly RecordedQuery[]>
  clearQueries(server?: number): Promise<void>
  /** Nothing listens on that name server any more. */
  down(server?: number): Promise<void>
  up(server?: number): Promise<void>
  /** Ends all that runs in it and removes it. Idempotent. */
  close(): Promise<void>
}

export interface LabRunOptions {
  readonly timeoutMs?: number
  readonly environment?: Readonly<Record<string, string>>
}

const orderTimeoutMs = 10_000
const usualRunMs = 60_000

/** `nameserver` lines for /etc/resolv.conf: of the first server, or of both. */
export const nameServerLines = (count: 1 | 2 = 1): string =>
  addresses.servers
    .slice(0, count)
    .map(({ v4 }) => `nameserver ${v4}\n`)
    .join('')

/**
 * Builds the lab. Needs root, iproute2 and the right to create network namespaces: ask `findLab()` first.
 * Nothing outside its namespaces is touched but /etc/netns/<its own name>, which it removes.
 */
export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const namespaces = createNamespaces()
  try {
    namespaces.writeEtc('resolv.conf', options.resolvConf ?? nameServerLines())
    namespaces.writeEtc('hosts', '127.0.0.1 localhost\n::1 localhost\n')
    namespaces.writeEtc('nsswitch.conf', 'hosts: files dns\n')
    const lab = new RunningLab(namespaces)
    await lab.begin()
    if (options.zones) await lab.setZones(options.zones)
    if (options.faults) await lab.setFaults(options.faults)
    return lab
  } catch (error) {
    namespaces.remove()
    throw error
  }
}

class RunningLab implements Lab {
  readonly #namespaces: Namespaces
  readonly #server: ChildProcess
  readonly #clients = new Set<ChildProcess>()
  readonly #waiting = new Map<number, (response: LabResponse) => void>()
  #lastId = 0

  constructor(namespaces: Namespaces) {
    this.#namespaces = namespaces
    const script = fileURLToPath(new URL('name-server.ts', import.meta.url))
    this.#server = spawn(
      'ip',
      ['netns', 'exec', namespaces.server, process.execPath, '--import', 'tsx', script],
      { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
    )
    this.#server.on('message', (response: LabResponse) =>
      this.#waiting.get(response.id)?.(response),
    )
  }

  /** Until the name servers listen. */
  async begin(): Promise<void> {
    await this.#response(0)
  }

  async run(command: readonly string[], options: LabRunOptions = {}): Promise<LabEnding> {
    const child = this.spawn(command, options)
    const [stdout, stderr, [code]] = await Promise.all([
      child.stdout ? text(child.stdout) : '',
      child.stderr ? text(child.stderr) : '',
      once(child, 'exit') as Promise<[number | null]>,
    ])
    return { code, stdout, stderr }
  }

  spawn(command: readonly string[], options: LabRunOptions = {}): ChildProcess {
    const child = spawn('ip', ['netns', 'exec', this.#namespaces.client, ...command], {
      env: { ...process.env, ...options.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: options.timeoutMs ?? usualRunMs,
      killSignal: 'SIGKILL',
    })
    this.#clients.add(child)
    child.on('exit', () => this.#clients.delete(child))
    return child
  }

  async setFaults(faults: readonly DnsFault[], server = 0): Promise<void> {
    await this.#order({ do: 'faults', server, faults })
  }

  async setZones(zones: Zones): Promise<void> {
    await this.#order({ do: 'zones', zones })
  }

  setResolvConf(content: string): void {
    this.#namespaces.writeEtc('resolv.conf', content)
  }

  async queries(server = 0): Promise<readonly RecordedQuery[]> {
    return (await this.#order({ do: 'queries', server })).queries ?? []
  }

  async clearQueries(server = 0): Promise<void> {
    await this.#order({ do: 'clear', server })
  }

  async down(server = 0): Promise<void> {
    await this.#order({ do: 'down', server })
  }

  async up(server = 0): Promise<void> {
    await this.#order({ do: 'up', server })
  }

  async close(): Promise<void> {
    const children = [this.#server, ...this.#clients]
    const ends = children.filter((child) => !isOver(child)).map((child) => once(child, 'exit'))
    for (const child of children) child.kill('SIGKILL')
    await Promise.all(ends)
    this.#namespaces.remove()
  }

  async #order(order: LabOrder): Promise<LabResponse> {
    const id = ++this.#lastId
    const answered = this.#response(id)
    this.#server.send({ id, order } satisfies LabRequest)
    const response = await answered
    if (response.error !== undefined) throw new Error(response.error)
    return response
  }

  #response(id: number): Promise<LabResponse> {
    return new Promise((resolve, reject) => {
      const fail = (): void => settle(() => reject(new Error('the name server of the lab is gone')))
      const settle = (act: () => void): void => {
        clearTimeout(timer)
        this.#server.off('exit', fail)
        this.#waiting.delete(id)
        act()
      }
      const timer = setTimeout(fail, orderTimeoutMs)
      this.#server.once('exit', fail)
      this.#waiting.set(id, (response) => settle(() => resolve(response)))
      if (isOver(this.#server)) fail()
    })
  }
}

const isOver = (child: ChildProcess): boolean =>
  child.exitCode !== null || child.signalCode !== null
