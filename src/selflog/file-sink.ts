import type { Disk } from '../core/platform.ts'

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

  write(line: Buffer): void {
    try {
      this.#append(line)
    } catch {
      this.#missed++
      this.close()
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
    if (this.#fd !== undefined && this.#bytes + line.length > this.#maxBytes) this.#rotate()
    const fd = this.#open()
    let from = 0
    while (from < line.length) from += this.#disk.write(fd, line.subarray(from))
    this.#bytes += line.length
  }

  #open(): number {
    if (this.#fd !== undefined) return this.#fd
    this.#fd = this.#disk.openAppend(this.#path)
    this.#bytes = this.#disk.size(this.#fd)
    if (this.#bytes >= this.#maxBytes) this.#rotate()
    this.#fd ??= this.#disk.openAppend(this.#path)
    return this.#fd
  }

  #rotate(): void {
    this.close()
    this.#disk.rename(this.#path, `${this.#path}.1`)
    this.#bytes = 0
  }
}
