import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { recordClassArchive } from './class-archive.ts'
import { findJdk } from './find-jdk.ts'
import { freePort } from './free-port.ts'
import type { Settings } from './launch-node.ts'
import { LaunchError, launchNode } from './launch-node.ts'
import type { NodeProcess } from './node-process.ts'
import { removeAtExit, removeFolder } from './node-process.ts'
import type { PreparedServer, ServerKind } from './prepare-server.ts'
import { prepareServer } from './prepare-server.ts'
import { ServerClient } from './server-client.ts'

/** How often a start is tried while somebody else holds the port. */
const portTries = 5

export type ServerSearch =
  | { readonly kind: 'ready'; readonly server: PreparedServer }
  | { readonly kind: 'missing'; readonly what: string }

/**
 * Whether this machine can run the server, and all that is needed to. The first call on a machine fetches jars
 * and takes about half a minute; later ones take 0.1 s. `what` says what to install.
 */
export async function findServer(kind: ServerKind): Promise<ServerSearch> {
  const search = await findJdk()
  if (search.kind === 'missing') return search
  try {
    const server = await prepareServer(kind, search.jdk, recordClassArchive)
    return { kind: 'ready', server }
  } catch (error) {
    return { kind: 'missing', what: describe(error) }
  }
}

function describe(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined
  if ((cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT')
    return 'needs mvn (apt-get install maven)'
  return error instanceof Error ? error.message : String(error)
}

export interface RealNodeOptions {
  /** Added to the settings of `launchNode`. */
  readonly settings?: Settings
  /** Default: a new folder, removed by `close`. A folder that is given stays. */
  readonly dataDir?: string
  /** Default: any free one. */
  readonly port?: number
}

/** Starts a node and waits until it is ready. Throws where `findServer` finds none. */
export async function startRealNode(
  kind: ServerKind,
  options: RealNodeOptions = {},
): Promise<RealNode> {
  const search = await findServer(kind)
  if (search.kind === 'missing') throw new Error(`real ${kind}: ${search.what}`)
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), `pino-loudsink-${kind}-`))
  if (options.dataDir === undefined) removeAtExit(dataDir)
  const { server } = search
  const settings = options.settings ?? {}
  for (let tries = 1; ; tries++) {
    const port = options.port ?? (await freePort())
    try {
      const node = await launchNode({ server, dataDir, port, settings })
      return new RealNode({ server, dataDir, port, settings, node, ours: !options.dataDir })
    } catch (error) {
      const another = options.port === undefined && tries < portTries
      if (!(another && error instanceof LaunchError && error.portTaken)) throw error
    }
  }
}

interface Started {
  readonly server: PreparedServer
  readonly dataDir: string
  readonly port: number
  readonly settings: Settings
  readonly node: NodeProcess
  /** The folder is ours to remove. */
  readonly ours: boolean
}

/** A server in a process of its own, which a test may do anything to. */
export class RealNode extends ServerClient {
  readonly port: number
  readonly dataDir: string
  readonly #started: Started
  #node: NodeProcess

  constructor(started: Started) {
    const { kind, version } = started.server
    super({ url: `http://127.0.0.1:${started.port}`, kind, version })
    this.port = started.port
    this.dataDir = started.dataDir
    this.#started = started
    this.#node = started.node
  }

  /** Of the present process, or of the last one; another after `restart`. */
  get pid(): number {
    return this.#node.pid
  }

  get running(): boolean {
    return !this.#node.ended
  }

  /** The last lines of the node's log. */
  tail(): string {
    return this.#node.tail()
  }

  /** SIGTERM: answers what it has begun to answer, and ends. A frozen node is thawed, else it would not hear. */
  async stop(): Promise<void> {
    this.thaw()
    await this.#node.end('SIGTERM')
  }

  /** SIGKILL. */
  async kill(): Promise<void> {
    await this.#node.end('SIGKILL')
  }

  /** SIGSTOP: the kernel still takes connections and bytes, nobody answers. */
  freeze(): void {
    this.#node.signal('SIGSTOP')
  }

  /** SIGCONT. */
  thaw(): void {
    this.#node.signal('SIGCONT')
  }

  /** Starts again with the same port, data and settings, and waits until it is ready; stops it first if it runs. */
  async restart(): Promise<void> {
    await this.stop()
    for (let tries = 1; ; tries++) {
      try {
        this.#node = await launchNode(this.#started)
        return
      } catch (error) {
        // A free port may serve as the near end of somebody's connection for a while.
        if (!(error instanceof LaunchError && error.portTaken) || tries === portTries) throw error
        await sleep(200)
      }
    }
  }

  /** Ends it at once and removes its data. May be called twice. */
  async close(): Promise<void> {
    await this.kill()
    if (this.#started.ours) removeFolder(this.dataDir)
  }
}
