import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exchange } from './exchange.ts'
import { freePort } from './free-port.ts'
import { LaunchError, launchNode } from './launch-node.ts'
import { removeAtExit, removeFolder } from './node-process.ts'
import type { PreparedServer } from './prepare-server.ts'

/**
 * Starts the server once and keeps the classes that it loaded, as the JVM lays them out in memory: 80 MB of
 * disk, and each later start takes 1.5 s instead of 4. Where that fails there is no archive, and no harm: the
 * JVM passes over an archive that it cannot use, and a server that cannot start says so in a test.
 */
export async function recordClassArchive(server: PreparedServer): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'pino-loudsink-train-'))
  removeAtExit(dataDir)
  const unfinished = `${server.archive}.tmp`
  try {
    const port = await freePort()
    const jvmFlags = [`-XX:ArchiveClassesAtExit=${unfinished}`]
    const node = await launchNode({ server, dataDir, port, jvmFlags })
    const url = `http://127.0.0.1:${port}/training`
    const headers = { 'content-type': 'application/x-ndjson' }
    await exchange('POST', `${url}/_bulk?refresh=true`, {
      headers,
      body: '{"create":{"_id":"1"}}\n{"m":"x"}\n',
    })
    await exchange('GET', `${url}/_search?q=m:x`)
    await node.end('SIGTERM')
    if (existsSync(unfinished)) renameSync(unfinished, server.archive)
  } catch (error) {
    if (!(error instanceof LaunchError)) throw error
  } finally {
    rmSync(unfinished, { force: true })
    removeFolder(dataDir)
  }
}
