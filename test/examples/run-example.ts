import { spawn } from 'node:child_process'
import { once } from 'node:events'
import process from 'node:process'
import { text } from 'node:stream/consumers'

export interface Ending {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly args?: readonly string[]
  /** Sends SIGTERM when this resolves. */
  readonly sigtermAfter?: Promise<unknown>
}

/** Runs a file as a reader would, `node --import tsx FILE`, until it ends by itself; it is killed after 30 s. */
export async function runExample(
  file: string,
  environment: Readonly<Record<string, string>>,
  { args = [], sigtermAfter }: RunOptions = {},
): Promise<Ending> {
  // Of our own: what the user has set must not leak in, and a nested node:test must not talk to ours.
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(?:PINO_LOUDSINK_|NODE_TEST_CONTEXT$)/.test(name),
  )
  const child = spawn(process.execPath, ['--import', 'tsx', file, ...args], {
    env: { ...Object.fromEntries(own), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 30_000,
    killSignal: 'SIGKILL',
  })
  void sigtermAfter?.then(() => child.kill('SIGTERM'))
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number | null]>,
  ])
  return { code, stdout, stderr }
}
