/** Beyond every position; a small integer to the engine. */
const nowhere = 0x3fff_ffff

/** Tells line by line whether a buffer holds a needle there, at the cost of about one search over the buffer. */
export class ByteSearch {
  readonly #needle: Buffer
  /** Where the needle comes next; -1 while unknown. */
  #next = -1

  constructor(needle: string) {
    this.#needle = Buffer.from(needle)
  }

  /** Call it before the first line of each buffer. */
  restart(): void {
    this.#next = -1
  }

  /** Does the needle begin in `[start, end)`? Ask in the order of the bytes. */
  isIn(bytes: Buffer, start: number, end: number): boolean {
    if (this.#next < start) {
      const hit = bytes.indexOf(this.#needle, start)
      this.#next = hit < 0 ? nowhere : hit
    }
    return this.#next < end
  }
}
