import type { Clock, Disk } from '../core/platform.ts'

const standardError = 2
const newline = Buffer.from('\n')

/**
 * Writes lines to standard error by write(2): what goes through streams or messages is lost while the main
 * thread is inside its exit handler. A full pipe is tried again for a short time, then the line is counted as
 * not written, as after any other failure; a closed one ends this sink. Never throws.
 */
export class StderrSink {
  readonly #disk: Disk
  readonly #clock: Clock
  #closed = false
  #missed = 0
  /** The last line has got only partly through. */
  #torn = false

  constructor(disk: Disk, clock: Clock) {
    this.#disk = disk
    this.#clock = clock
  }

  /** Lines that could not be written since the last call. */
  takeMissed(): number {
    const missed = this.#missed
    this.#missed = 0
    return missed
  }

  /** Writes the whole line, or counts it as missed: false. `patienceMs`: how long a full pipe is waited for. */
  write(line: Buffer, patienceMs: number): boolean {
    if (this.#closed) return false
    const bytes = this.#torn ? Buffer.concat([newline, line]) : line
    const written = this.#writeFor(bytes, patienceMs)
    const whole = written === bytes.length
    if (!whole) this.#missed++
    this.#torn = !whole && (this.#torn || written > 0)
    return whole
  }

  /** The number of bytes that got through. */
  #writeFor(bytes: Buffer, patienceMs: number): number {
    const deadline = this.#clock.now() + patienceMs
    let from = 0
    while (from < bytes.length) {
      const written = this.#try(bytes.subarray(from))
      if (written === 'failed') break
      from += written
      if (from === bytes.length || this.#clock.now() >= deadline) break
      if (written === 0) this.#disk.pause(1)
    }
    return from
  }

  #try(bytes: Uint8Array): number | 'failed' {
    try {
      return this.#disk.write(standardError, bytes)
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined
      if (code === 'EAGAIN') return 0
      this.#closed = code === 'EPIPE' || code === 'EBADF'
      return 'failed'
    }
  }
}
