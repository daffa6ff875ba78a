import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import process from 'node:process'

/** How much of a node's output is kept, in characters. */
const keptOutput = 64 * 1024

/** How long a process may take to end after a signal. */
const endTimeoutMs = 20_000

/** What must be gone when this process ends, however it ends: nodes that run, folders that they wrote. */
const running = new Set<NodeProcess>()
const folders = new Set<string>()
process.on('exit', () => {
  for (const node of running) node.signal('SIGKILL')
  for (const folder of folders) removeFolder(folder)
})

/** Removes the folder when this process ends, unless `removeFolder` did so before. */
export function removeAtExit(folder: string): void {
  folders.add(folder)
}

export function removeFolder(folder: string): void {
  folders.delete(folder)
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
}

/**
 * A server in a process of its own. It does not keep this process alive, and does not outlive it: it is killed
 * at this process's exit, and ends by itself when its standard input ends, which covers a killed parent.
 */
export class NodeProcess {
  readonly pid: number
  readonly #child: ChildProcess
  readonly #exit: Promise<unknown>
  #output = ''

  /** Throws when the program cannot be started. */
  constructor(command: string, args: readonly string[]) {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] })
    // An error without a listener would end this process; `pid` tells of it below, and signals cannot fail.
    child.on('error', () => {})
    if (child.pid === undefined) throw new Error(`cannot start ${command}`)
    this.pid = child.pid
    this.#child = child
    this.#exit = once(child, 'exit')
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.#output = (this.#output + text).slice(-keptOutput)
      })
    }
    running.add(this)
    child.once('exit', () => running.delete(this))
    this.#keepAlive(false)
  }

  get ended(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null
  }

  /** The last lines that it printed, without the frames of stack traces. */
  tail(lines = 40): string {
    const printed = this.#output.trimEnd().split('\n')
    return printed
      .filter((line) => !/^\s+(at |\.\.\. \d+ more)/.test(line))
      .slice(-lines)
      .join('\n')
  }

  signal(name: NodeJS.Signals): void {
    if (!this.ended) this.#child.kill(name)
  }

  /** Sends the signal and waits for the end. Rejects when it does not end in 20 s. */
  async end(name: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (this.ended) return
    this.#keepAlive(true)
    this.signal(name)
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      const message = `process ${this.pid} still runs ${endTimeoutMs} ms after ${name}:\n${this.tail()}`
      timer = setTimeout(() => reject(new Error(message)), endTimeoutMs)
    })
    await Promise.race([this.#exit, late]).finally(() => clearTimeout(timer))
  }

  #keepAlive(keep: boolean): void {
    const { stdin, stdout, stderr } = this.#child
    for (const part of [this.#child, ...[stdin, stdout, stderr].map(asHandle)]) {
      if (keep) part?.ref?.()
      else part?.unref?.()
    }
  }
}

interface Handle {
  ref?(): void
  unref?(): void
}

/** The pipes to a child are sockets, though their type does not say so. */
function asHandle(stream: object | null): Handle | null {
  return stream
}
