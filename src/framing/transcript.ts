const smallBytes = 64 * 1024
const largeBytes = 1024 * 1024
/** Up to here a loop is cheaper than the call of `Buffer.copy`. */
const shortRun = 64

/** A copy of a line with some of its parts replaced, in one reused buffer. */
export class Transcript {
  bytes = Buffer.allocUnsafeSlow(smallBytes)
  end = 0
  /** Up to here the line has been copied, or passed over. */
  #done = 0

  /** Starts anew with the byte at `start`. */
  begin(start: number): void {
    if (this.bytes.length > largeBytes) this.bytes = Buffer.allocUnsafeSlow(smallBytes)
    this.end = 0
    this.#done = start
  }

  /** Copies the line from where it stands up to `end`. */
  copy(line: Buffer, end: number): void {
    const count = end - this.#done
    if (count <= 0) return
    this.#reserve(count)
    this.#put(line, this.#done, end)
    this.#done = end
  }

  /** Copies up to `start`, then passes over `line[start, end)`. */
  cut(line: Buffer, start: number, end: number): void {
    this.copy(line, start)
    this.#done = end
  }

  /** Copies up to `start`, then puts `text` for `line[start, end)`. */
  replace(line: Buffer, start: number, end: number, text: Buffer): void {
    this.copy(line, start)
    this.#reserve(text.length)
    this.#put(text, 0, text.length)
    this.#done = end
  }

  #put(source: Buffer, start: number, end: number): void {
    if (end - start > shortRun) {
      this.end += source.copy(this.bytes, this.end, start, end)
      return
    }
    for (let at = start; at < end; at++) this.bytes[this.end++] = source[at] ?? 0
  }

  #reserve(more: number): void {
    if (this.end + more <= this.bytes.length) return
    const larger = Buffer.allocUnsafeSlow(Math.max(this.end + more, this.bytes.length * 2))
    this.bytes.copy(larger, 0, 0, this.end)
    this.bytes = larger
  }
}
