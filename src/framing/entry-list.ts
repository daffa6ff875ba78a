import type { EntryWalker } from './entry-walker.ts'

const width = 5
const smallEntries = 64
const largeEntries = 4096

/** Where the top-level entries of one line lie; reused for every line. */
export class EntryList {
  count = 0
  /** A row an entry: opening quote of the key, behind its closing quote, value, behind the value, id. */
  #rows = new Int32Array(smallEntries * width)

  clear(): void {
    this.count = 0
    if (this.#rows.length > largeEntries * width) this.#rows = new Int32Array(smallEntries * width)
  }

  /** Adds the entry where the walker stands. */
  add(walker: EntryWalker, valueEnd: number, id: number): void {
    const at = this.count * width
    if (at === this.#rows.length) {
      const larger = new Int32Array(at * 2)
      larger.set(this.#rows)
      this.#rows = larger
    }
    this.#rows[at] = walker.keyStart - 1
    this.#rows[at + 1] = walker.keyEnd + 1
    this.#rows[at + 2] = walker.valueStart
    this.#rows[at + 3] = valueEnd
    this.#rows[at + 4] = id
    this.count++
  }

  /** The opening quote of the key. */
  keyStart(i: number): number {
    return this.#rows[i * width] ?? 0
  }

  /** Behind the closing quote of the key. */
  keyEnd(i: number): number {
    return this.#rows[i * width + 1] ?? 0
  }

  valueStart(i: number): number {
    return this.#rows[i * width + 2] ?? 0
  }

  /** Behind the value. */
  valueEnd(i: number): number {
    return this.#rows[i * width + 3] ?? 0
  }

  id(i: number): number {
    return this.#rows[i * width + 4] ?? -1
  }
}
