import { basename } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { exchange } from './exchange.ts'
import { NodeProcess } from './node-process.ts'
import type { PreparedServer } from './prepare-server.ts'

/** A lean node is up in 2 to 7 s; the rest is for machines that do other work as well. */
const startTimeoutMs = 60_000

/** Node settings by name, as in `elasticsearch.yml`. */
export type Settings = Readonly<Record<string, string>>

export interface Launch {
  readonly server: PreparedServer
  readonly dataDir: string
  /** HTTP, on 127.0.0.1. The transport port is any free one: nobody joins. */
  readonly port: number
  readonly settings?: Settings
  readonly jvmFlags?: readonly string[]
}

/** A node that did not start. */
export class LaunchError extends Error {
  /** Somebody else listens on the port. */
  readonly portTaken: boolean

  constructor(why: string, tail: string) {
    super(`the node ${why}; the end of its output:\n${tail}`)
    this.name = 'LaunchError'
    this.portTaken = /BindHttpException|Address already in use/.test(tail)
  }
}

/**
 * Starts a node and waits until its shards are ready (at most 60 s). Rejects with a LaunchError that holds the
 * end of the node's log.
 *
 * The flags were measured: the serial collector and the first compiler alone halve start-up and memory. The
 * serial collector lets garbage stand, which the breaker on real memory takes for load: that breaker is off.
 */
export async function launchNode(launch: Launch): Promise<NodeProcess> {
  const { server, dataDir, port } = launch
  const settings: Settings = {
    'path.home': server.home,
    'path.data': dataDir,
    'path.logs': `${dataDir}/logs`,
    'cluster.name': clusterName(dataDir),
    'node.name': 'only',
    'network.host': '127.0.0.1',
    'http.port': String(port),
    'transport.port': '0',
    'discovery.type': 'single-node',
    'node.processors': '1',
    'cluster.routing.allocation.disk.threshold_enabled': 'false',
    'indices.breaker.total.use_real_memory': 'false',
    ...launch.settings,
  }
  const node = new NodeProcess(server.java, [
    ...['-Xms128m', '-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'],
    // The JVM's own warnings: about a class archive it does not use, about compilers left out.
    ...['--enable-native-access=ALL-UNNAMED', '-Xlog:disable'],
    ...(launch.jvmFlags ?? server.archiveFlags()),
    ...['-cp', server.classPath, 'Start'],
    ...Object.entries(settings).map(([name, value]) => `${name}=${value}`),
  ])
  try {
    await healthy(node, port, settings['cluster.name'] ?? '')
  } catch (error) {
    await node.end('SIGKILL')
    throw error
  }
  return node
}

/** One of its own for each data folder, so that an answer tells whose it is. */
function clusterName(dataDir: string): string {
  return basename(dataDir).replaceAll(/[^A-Za-z0-9-]/g, '-')
}

async function healthy(node: NodeProcess, port: number, cluster: string): Promise<void> {
  const deadline = Date.now() + startTimeoutMs
  const health = `http://127.0.0.1:${port}/_cluster/health?wait_for_status=yellow&timeout=2s`
  while (Date.now() < deadline) {
    if (node.ended) throw new LaunchError('ended while starting', node.tail())
    const answer = await exchange('GET', health, { timeoutMs: 5_000 }).catch(() => undefined)
    // Another server may hold the port: its answer must not count for ours.
    if (answer?.status === 200 && answer.body.includes(`"cluster_name":"${cluster}"`)) return
    await sleep(50)
  }
  throw new LaunchError(`was not ready after ${startTimeoutMs} ms`, node.tail())
}
