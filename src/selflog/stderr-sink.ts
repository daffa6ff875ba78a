import type { Clock, Disk } from '../core/platform.ts'

const standardError = 2

/**
 * Writes lines to standard error by write(2): what goes through streams or messages is lost while the main
 * thread is inside its exit handler. A full pipe is tried again for a short time, then the line is counted as
 * not written; a closed one ends this sink. Never throws.
 */
export class StderrSink {
  readonly #disk: Disk
  readonly #clock: Clock
  #closed = false
  #missed = 0

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

  /** Writes the whole line, or counts it as missed. `patienceMs`: how long a full pipe is waited for. */
  write(line: Buffer, patienceMs: number): void {
    if (this.#closed) return
    const deadline = this.#clock.now() + patienceMs
    let from = 0
    while (from < line.length) {
      const written = this.#try(line.subarray(from))
      if (written === 'closed') {
        this.#closed = true
        return
      }
      from += written
      if (from === line.length) return
      if (this.#clock.now() >= deadline) {
        this.#missed++
        return
      }
      if (written === 0) this.#disk.pause(1)
    }
  }

  #try(bytes: Uint8Array): number | 'closed' {
    try {
      return this.#disk.write(standardError, bytes)
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined
      return code === 'EAGAIN' ? 0 : 'closed'
    }
  }
}
