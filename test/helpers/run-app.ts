import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { SelfLogEvent } from '../../src/index.ts'

export interface AppRun {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
  /** From the start of the process to its end. */
  readonly tookMs: number
  /** The lines of the self-log on standard error. */
  readonly events: readonly SelfLogEvent[]
  /** Lines on standard error that are none of the self-log. */
  readonly otherLines: readonly string[]
}

export interface AppOptions {
  /** For node, before the program. */
  readonly execArgv?: readonly string[]
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  /** Killed, and rejected, after so long. Default 30,000. */
  readonly timeoutMs?: number
}

/** Runs a program of its own in Node to its end, with `plan` as JSON in its one argument. */
export async function runApp(
  file: string,
  plan: object,
  { execArgv = [], cwd, env = {}, timeoutMs = 30_000 }: AppOptions = {},
): Promise<AppRun> {
  const startedAt = performance.now()
  const child = spawn(process.execPath, [...execArgv, file, JSON.stringify(plan)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '', ...env },
    ...(cwd !== undefined && { cwd }),
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
  const tookMs = performance.now() - startedAt
  if (signal === 'SIGKILL') throw new Error(`${file} did not end in ${timeoutMs} ms:\n${stderr}`)
  const lines = stderr.split('\n').filter((line) => line !== '')
  const events = lines.flatMap((line) => eventOf(line) ?? [])
  const otherLines = lines.filter((line) => eventOf(line) === undefined)
  return { code, signal, stdout, stderr, tookMs, events, otherLines }
}

/** Sum of `items` over the events with fate `dropped`. */
export function lostIn(events: readonly SelfLogEvent[]): number {
  return events.filter(({ fate }) => fate === 'dropped').reduce((sum, { items }) => sum + items, 0)
}

function eventOf(line: string): SelfLogEvent | undefined {
  if (!line.startsWith('{"v":1,')) return undefined
  return JSON.parse(line) as SelfLogEvent
}
