import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { EventCode, Ledger, SelfLogEvent } from 'pino-loudsink'

export interface ServiceReport {
  /** Calls of the logger so far. */
  readonly logged: number
  readonly ledger: Ledger
}

const answerTimeoutMs = 12_000

/** The service in a process of its own. Its self-log is read where an operator would read it: from its stderr. */
export class ServiceProcess {
  readonly #child: ChildProcess
  readonly #onEvent: (event: SelfLogEvent) => void
  readonly #seen = new Set<EventCode>()
  #notify: () => void = () => {}

  private constructor(
    environment: Readonly<Record<string, string>>,
    onEvent: (event: SelfLogEvent) => void,
  ) {
    const file = fileURLToPath(new URL('service.ts', import.meta.url))
    this.#onEvent = onEvent
    this.#child = spawn(process.execPath, [...process.execArgv, file], {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    })
    const { stderr } = this.#child
    if (stderr) createInterface({ input: stderr }).on('line', (line) => this.#read(line))
  }

  /** Resolves when the service logs. */
  static async start(
    environment: Readonly<Record<string, string>>,
    onEvent: (event: SelfLogEvent) => void,
  ): Promise<ServiceProcess> {
    const service = new ServiceProcess(environment, onEvent)
    await service.#answer()
    return service
  }

  async report(): Promise<ServiceReport> {
    this.#child.send('report')
    return (await this.#answer()) as ServiceReport
  }

  /** The service logs no more and delivers what it has. */
  async end(): Promise<ServiceReport> {
    this.#child.send('end')
    return (await this.#answer()) as ServiceReport
  }

  kill(): void {
    this.#child.kill('SIGKILL')
  }

  /** Resolves when the self-log has said `code`. */
  async waitFor(code: EventCode, timeoutMs: number): Promise<void> {
    if (this.#seen.has(code)) return
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new Error(`the self-log has not said ${code} within ${timeoutMs / 1000} s`))
      }, timeoutMs)
      this.#notify = () => {
        if (!this.#seen.has(code)) return
        clearTimeout(timer)
        resolve()
      }
    })
  }

  async #answer(): Promise<unknown> {
    const signal = AbortSignal.timeout(answerTimeoutMs)
    const gone = once(this.#child, 'exit', { signal }).then(() => {
      throw new Error('the service has ended before its time')
    })
    const [message] = (await Promise.race([once(this.#child, 'message', { signal }), gone])) as [
      unknown,
    ]
    gone.catch(() => {})
    return message
  }

  #read(line: string): void {
    try {
      const event = JSON.parse(line) as SelfLogEvent
      this.#onEvent(event)
      this.#seen.add(event.code)
      this.#notify()
    } catch {
      // Not of the self-log: a warning of Node, or why it died.
      process.stderr.write(`${line}\n`)
    }
  }
}
