import { ByteSearch } from './byte-search.ts'
import { EntryWalker, hasMembers } from './entry-walker.ts'
import { isDigit, startsWithAt } from './json-bytes.ts'
import { escaped, KeyTable } from './key-table.ts'
import type { FormatParts, LineFormat } from './line-format.ts'
import { UntouchedLine } from './untouched-line.ts'

/** The key's place in the table below; the fields follow. */
const ownTimestamp = 0

/** pino's lines as they are, with `@timestamp` and the fields in front. */
export class PinoFormat implements LineFormat {
  readonly #parts: FormatParts
  readonly #untouched: UntouchedLine
  /** `{"level":`, and `,"time":` behind the number: what pino writes at the start of a line. */
  readonly #levelHead: Buffer
  readonly #timeHead: Buffer
  readonly #timeKey: KeyTable
  /** `@timestamp` and the fields: lines that may have one of these keys are looked through. */
  readonly #keys: KeyTable
  readonly #searches: readonly ByteSearch[]
  readonly #walker = new EntryWalker()
  readonly #omit: Uint8Array
  #omitted = 0

  constructor(parts: FormatParts, timestampKey: string, levelKey: string) {
    this.#parts = parts
    this.#untouched = new UntouchedLine(parts.fields, parts.index, parts.outlet)
    this.#levelHead = Buffer.from(`{"${escaped(levelKey).toString()}":`)
    this.#timeHead = Buffer.from(`,"${escaped(timestampKey).toString()}":`)
    this.#timeKey = new KeyTable([timestampKey])
    const keys = ['@timestamp', ...parts.fields.keys]
    this.#keys = new KeyTable(keys)
    // Without the first quote, so that the search can leap to the rare `@`.
    this.#searches = keys.map((key) => new ByteSearch(`${escaped(key).toString()}"`))
    this.#omit = parts.fields.createOmissions()
  }

  restart(): void {
    for (const search of this.#searches) search.restart()
  }

  write(bytes: Buffer, first: number, last: number, wallMs: number): void {
    const { prefix, index, outlet } = this.#parts
    this.#omitted = 0
    if (this.#mayHaveKnownKeys(bytes, first, last)) {
      const timeAt = this.#lookThrough(bytes, first, last)
      if (timeAt >= 0) {
        this.#untouched.write(bytes, first, last, timeAt, this.#omit, wallMs)
        return
      }
    }
    if (!this.#stampHead(bytes, first, last) && !this.#stampWalking(bytes, first, last)) {
      prefix.stampMillis(wallMs)
    }
    const more = hasMembers(bytes, first, last)
    const end = this.#omitted > 0 ? prefix.finishOmitting(this.#omit, more) : prefix.finish(more)
    outlet.emit(index.of(prefix.day), prefix.bytes, end, bytes, first + 1, last)
  }

  #mayHaveKnownKeys(bytes: Buffer, first: number, last: number): boolean {
    let found = false
    // Each is asked, found or not: they move along with the lines.
    for (const search of this.#searches) if (search.isIn(bytes, first, last)) found = true
    return found
  }

  /** Notes which fields the line has by itself; gives where the value of its `@timestamp` begins, or -1. */
  #lookThrough(bytes: Buffer, first: number, last: number): number {
    const walker = this.#walker
    let timeAt = -1
    this.#omit.fill(0)
    walker.begin(first, last)
    while (walker.next(bytes)) {
      const id = this.#keys.find(bytes, walker.keyStart, walker.keyEnd)
      if (id > ownTimestamp) {
        this.#omit[id - 1] = 1
        this.#omitted++
      } else if (id === ownTimestamp && timeAt < 0) {
        timeAt = walker.valueStart
        if (this.#omit.length === 0) break
      }
    }
    return timeAt
  }

  /** The usual line: a numeric level, then a time in ms of the same second as before. */
  #stampHead(bytes: Buffer, first: number, last: number): boolean {
    if (!startsWithAt(bytes, first, this.#levelHead)) return false
    let at = first + this.#levelHead.length
    while (at < last && isDigit(bytes[at])) at++
    if (!startsWithAt(bytes, at, this.#timeHead)) return false
    return this.#parts.prefix.stampSameSecond(bytes, at + this.#timeHead.length, last)
  }

  /** Any other line: looks for the time from the start on. */
  #stampWalking(bytes: Buffer, first: number, last: number): boolean {
    const walker = this.#walker
    walker.begin(first, last)
    while (walker.next(bytes)) {
      if (this.#timeKey.find(bytes, walker.keyStart, walker.keyEnd) < 0) continue
      return this.#parts.prefix.stampValue(bytes, walker.valueStart, last)
    }
    return false
  }
}
