import { spawn } from 'node:child_process'
import { once } from 'node:events'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { SelfLogEvent } from '../../src/core/self-log-event.ts'
import type { FlushResult, Stats } from '../../src/core/shipper-face.ts'

/** What `fixtures/producer.ts` is told to do. */
export interface ProducerPlan {
  /** The transport's options. */
  readonly options: Readonly<Record<string, unknown>>
  readonly lines: number
  /** `time` of line 0, epoch ms; line `seq` has `seq` more. */
  readonly firstTime: number
  /** A pause after so many lines. */
  readonly pauseEvery: number
  readonly pauseMs: number
  readonly flushTimeoutMs: number
  /** Every so many lines, from the first on, carry the key `a` twice: 1, then 2. */
  readonly repeatKeyEvery?: number
  /** The line whose field `n`, a number elsewhere, is text. */
  readonly poisonAt?: number
}

/** One line of its output. `logged`: so many lines were handed to pino. */
export type ProducerSaid =
  | { readonly logged: number }
  | { readonly event: SelfLogEvent }
  | { readonly flushed: FlushResult }
  | { readonly stats: Stats }

export interface ProducerResult {
  readonly events: readonly SelfLogEvent[]
  readonly flushed: FlushResult
  readonly stats: Stats
  readonly exitCode: number | null
  /** The self-log as it stands on standard error. */
  readonly stderr: string
}

/** Longer than the longest flush that a test waits for. */
const timeoutMs = 55_000

const producer = fileURLToPath(new URL('./fixtures/producer.ts', import.meta.url))

/**
 * Runs the producer to its end. `onLogged` hears how many lines it has logged so far. Rejects, with all that it
 * printed on standard error, when it ends without having flushed or runs for more than 55 s.
 */
export async function runProducer(
  plan: ProducerPlan,
  onLogged: (lines: number) => void = () => {},
): Promise<ProducerResult> {
  const child = spawn(process.execPath, ['--import', 'tsx', producer, JSON.stringify(plan)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  })
  const events: SelfLogEvent[] = []
  let flushed: FlushResult | undefined
  let stats: Stats | undefined
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const closed = once(child, 'close')
  for await (const line of createInterface({ input: child.stdout })) {
    const said = JSON.parse(line) as ProducerSaid
    if ('logged' in said) onLogged(said.logged)
    else if ('event' in said) events.push(said.event)
    else if ('flushed' in said) flushed = said.flushed
    else stats = said.stats
  }
  await closed
  if (flushed === undefined || stats === undefined) {
    const end = child.signalCode ?? `exit code ${child.exitCode}`
    throw new Error(`the producer ended (${end}) before it had flushed:\n${stderr.slice(-8_000)}`)
  }
  return { events, flushed, stats, exitCode: child.exitCode, stderr }
}
