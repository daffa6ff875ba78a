import type { Disk } from '../core/platform.ts'

const newline = Buffer.from('\n')

/**
 * Appends lines to a file of at most `maxBytes`; a full one becomes `<path>.1`, whose predecessor is
 * overwritten. A file that cannot be written costs its lines, never more: they are counted, and the file is
 * opened anew at the next line.
 */
export class FileSink {
  readonly #path: string
  readonly #maxBytes: number
  readonly #disk: Disk
  #fd: number | undefined
  #bytes = 0
  #missed = 0
  /** The last line has got only partly through. */
  #torn = false

  constructor(path: string, maxBytes: number, disk: Disk) {
    this.#path = path
    this.#maxBytes = maxBytes
    this.#disk = disk
  }

  /** Lines that could not be written since the last call. */
  takeMissed(): number {
    const missed = this.#missed
    this.#missed = 0
    return missed
  }

  /** Writes the whole line, or counts it as missed: false. */
  write(line: Buffer): boolean {
    try {
      this.#append(line)
      return true
    } catch {
      this.#missed++
      this.close()
      return false
    }
  }

  close(): void {
    const fd = this.#fd
    this.#fd = undefined
    if (fd === undefined) return
    try {
      this.#disk.close(fd)
    } catch {
      // There is nothing left to do for a descriptor that cannot be closed.
    }
  }

  #append(line: Buffer): void {
    this.#open()
    if (this.#bytes > 0 && this.#bytes + line.length > this.#maxBytes) this.#rotate()
    const fd = this.#open()
    const bytes = this.#torn ? Buffer.concat([newline, line]) : line
    for (let from = 0; from < bytes.length; ) {
      const written = this.#disk.write(fd, bytes.subarray(from))
      from += written
      this.#bytes += written
      this.#torn = from < bytes.length
    }
  }

  #open(): number {
    if (this.#fd !== undefined) return this.#fd
    const fd = this.#disk.openAppend(this.#path)
    this.#fd = fd
    this.#bytes = this.#disk.size(fd)
    return fd
  }

  #rotate(): void {
    this.close()
    this.#disk.rename(this.#path, `${this.#path}.1`)
    this.#torn = false
  }
}
