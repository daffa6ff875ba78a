import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'

/** Longer than the longest work that is done under a lock. */
const waitTimeoutMs = 600_000

/** A lock folder without an owner's name is one being made; older than this, its maker died. */
const namelessMs = 5_000

/**
 * Runs `work` while no other process on this machine does so under the same lock, a folder that is made and
 * removed. The lock of a process that died is taken over. Waits at most 10 minutes, then rejects.
 */
export async function withFolderLock<T>(lock: string, work: () => Promise<T>): Promise<T> {
  await take(lock)
  try {
    return await work()
  } finally {
    rmSync(lock, { recursive: true, force: true })
  }
}

async function take(lock: string): Promise<void> {
  const deadline = Date.now() + waitTimeoutMs
  let namelessSince: number | undefined
  while (Date.now() < deadline) {
    if (make(lock)) return
    const owner = ownerOf(lock)
    if (owner !== undefined) namelessSince = undefined
    else namelessSince ??= Date.now()
    const abandoned =
      owner === undefined ? Date.now() - (namelessSince ?? 0) > namelessMs : !isAlive(owner)
    if (abandoned) discard(lock)
    else await sleep(100)
  }
  throw new Error(`still locked after ${waitTimeoutMs} ms: remove ${lock} if nothing uses it`)
}

function make(lock: string): boolean {
  try {
    mkdirSync(lock)
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
  writeFileSync(join(lock, 'pid'), String(process.pid))
  return true
}

function ownerOf(lock: string): number | undefined {
  try {
    const pid = Number(readFileSync(join(lock, 'pid'), 'utf8'))
    return pid > 0 ? pid : undefined
  } catch {
    return undefined
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

/** By a rename, which only one of several waiting processes can do. */
function discard(lock: string): void {
  const aside = `${lock}.dead-${process.pid}-${Date.now()}`
  if (!existsSync(lock)) return
  try {
    renameSync(lock, aside)
    rmSync(aside, { recursive: true, force: true })
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code
}
