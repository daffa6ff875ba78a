import { carriageReturn, newline } from './json-bytes.ts'

/** Takes what the splitter finds. Buffers are only good during the call. */
export interface LineReceiver {
  /** The lines that follow lie in another buffer than those before. */
  restart(): void
  /** One line in `bytes[start, end)`, not empty, without its newline and the carriage return before it. */
  line(bytes: Buffer, start: number, end: number): void
  /** `head` is a copy of its own. */
  tooLong(head: Buffer, length: number): void
}

const smallBytes = 64 * 1024
const largeBytes = 1024 * 1024

/** Cuts a stream of chunks at its newlines. Of a chunk it keeps a copy of the unfinished last line, no more. */
export class LineSplitter {
  readonly #maxLineBytes: number
  readonly #headBytes: number
  readonly #receiver: LineReceiver
  /** The unfinished line, or its head once it is too long. */
  #carry = Buffer.allocUnsafeSlow(smallBytes)
  #kept = 0
  /** Bytes of the unfinished line so far, kept or not. */
  #length = 0
  #lastByte = 0

  constructor(maxLineBytes: number, headBytes: number, receiver: LineReceiver) {
    this.#maxLineBytes = maxLineBytes
    this.#headBytes = headBytes
    this.#receiver = receiver
  }

  push(chunk: Buffer): void {
    let start = 0
    if (this.#length > 0) {
      const end = chunk.indexOf(newline)
      this.#keep(chunk, 0, end < 0 ? chunk.length : end)
      if (end < 0) return
      this.#finishCarried()
      start = end + 1
    }
    this.#receiver.restart()
    for (let end = chunk.indexOf(newline, start); end >= 0; end = chunk.indexOf(newline, start)) {
      this.#emit(chunk, start, end)
      start = end + 1
    }
    this.#keep(chunk, start, chunk.length)
  }

  /** The last line may lack its newline. */
  end(): void {
    if (this.#length > 0) this.#finishCarried()
  }

  #emit(bytes: Buffer, start: number, rawEnd: number): void {
    const end = rawEnd > start && bytes[rawEnd - 1] === carriageReturn ? rawEnd - 1 : rawEnd
    const length = end - start
    if (length === 0) return
    if (length <= this.#maxLineBytes) this.#receiver.line(bytes, start, end)
    else this.#emitTooLong(bytes.subarray(start, end), length)
  }

  #emitTooLong(kept: Buffer, length: number): void {
    this.#receiver.tooLong(Buffer.from(kept.subarray(0, this.#headBytes)), length)
  }

  /** One byte more than the limit is kept, since the last may be a carriage return, which does not count. */
  #keep(chunk: Buffer, start: number, end: number): void {
    if (start >= end) return
    const wasTooLong = this.#length > this.#maxLineBytes + 1
    this.#length += end - start
    this.#lastByte = chunk[end - 1] ?? 0
    const isTooLong = this.#length > this.#maxLineBytes + 1
    if (isTooLong && !wasTooLong) this.#shrinkToHead()
    const limit = isTooLong ? this.#headBytes : this.#maxLineBytes + 1
    const count = Math.min(end - start, limit - this.#kept)
    if (count <= 0) return
    this.#reserve(this.#kept + count)
    this.#kept += chunk.copy(this.#carry, this.#kept, start, start + count)
  }

  #reserve(bytes: number): void {
    if (bytes <= this.#carry.length) return
    const larger = Buffer.allocUnsafeSlow(Math.max(bytes, this.#carry.length * 2))
    this.#carry.copy(larger, 0, 0, this.#kept)
    this.#carry = larger
  }

  #shrinkToHead(): void {
    this.#kept = Math.min(this.#kept, this.#headBytes)
    const head = Buffer.allocUnsafeSlow(Math.max(smallBytes, this.#kept))
    this.#carry.copy(head, 0, 0, this.#kept)
    this.#carry = head
  }

  #finishCarried(): void {
    // Cut to size: a search must not run into what an earlier line left behind it.
    const kept = this.#carry.subarray(0, this.#kept)
    if (this.#length > this.#maxLineBytes + 1) {
      const length = this.#length - (this.#lastByte === carriageReturn ? 1 : 0)
      this.#emitTooLong(kept.subarray(0, length), length)
    } else {
      this.#receiver.restart()
      this.#emit(kept, 0, kept.length)
    }
    this.#length = 0
    this.#kept = 0
    if (this.#carry.length > largeBytes) this.#carry = Buffer.allocUnsafeSlow(smallBytes)
  }
}
