import type { Disk } from '../../../src/core/platform.ts'
import { ManualClock } from '../../helpers/manual-clock.ts'

/** What the next write does: takes so many bytes, or throws an error of this code. */
export type WriteOutcome = number | 'EAGAIN' | 'EPIPE' | 'ENOSPC' | 'EIO' | 'EBADF'

function errno(code: string): Error {
  return Object.assign(new Error(code), { code })
}

/** Files in memory. `outcomes` are played one a write, then `always` if it is set, else all bytes are taken. */
export class ScriptedDisk implements Disk {
  readonly files = new Map<string, Buffer[]>()
  readonly outcomes: WriteOutcome[] = []
  always: WriteOutcome | undefined
  /** Operations that throw EACCES. */
  readonly broken = new Set<'openAppend' | 'rename' | 'size' | 'close'>()
  /** Calls of `write`. */
  writes = 0
  /** Milliseconds that were paused in all. */
  pausedMs = 0
  readonly #open = new Map<number, Buffer[]>([[2, []]])
  #lastFd = 10

  /** Descriptors that are open, standard error aside. */
  get openFiles(): number {
    return this.#open.size - 1
  }

  openAppend(path: string): number {
    this.#mayBreak('openAppend')
    const file = this.files.get(path) ?? []
    this.files.set(path, file)
    this.#open.set(++this.#lastFd, file)
    return this.#lastFd
  }

  write(fd: number, bytes: Uint8Array): number {
    this.writes++
    const file = this.#open.get(fd)
    if (file === undefined) throw errno('EBADF')
    const outcome = this.outcomes.shift() ?? this.always ?? bytes.length
    if (typeof outcome === 'string') throw errno(outcome)
    const taken = Math.min(outcome, bytes.length)
    file.push(Buffer.from(bytes.subarray(0, taken)))
    return taken
  }

  size(fd: number): number {
    this.#mayBreak('size')
    return Buffer.concat(this.#open.get(fd) ?? []).length
  }

  close(fd: number): void {
    this.#open.delete(fd)
    this.#mayBreak('close')
  }

  rename(from: string, to: string): void {
    this.#mayBreak('rename')
    const file = this.files.get(from)
    if (file === undefined) throw errno('ENOENT')
    this.files.delete(from)
    this.files.set(to, file)
  }

  pause(ms: number): void {
    this.pausedMs += ms
  }

  /** The whole text of a file. */
  text(path: string): string {
    return Buffer.concat(this.files.get(path) ?? []).toString()
  }

  /** Complete and torn lines of an open descriptor. */
  linesOn(fd: number): readonly string[] {
    const text = Buffer.concat(this.#open.get(fd) ?? []).toString()
    return text.split('\n').filter((line) => line !== '')
  }

  #mayBreak(operation: 'openAppend' | 'rename' | 'size' | 'close'): void {
    if (this.broken.has(operation)) throw errno('EACCES')
  }
}

/** Time that also passes while the thread is blocked on that disk. */
export class BlockableClock extends ManualClock {
  readonly #disk: ScriptedDisk

  constructor(disk: ScriptedDisk) {
    super()
    this.#disk = disk
  }

  override now(): number {
    return super.now() + this.#disk.pausedMs
  }
}
