import type { EcsRule, LineNames } from './ecs-names.ts'
import { EcsNames } from './ecs-names.ts'
import { EntryList } from './entry-list.ts'
import { EntryWalker, hasMembers } from './entry-walker.ts'
import { isDigit, openBrace, quote, smallInteger } from './json-bytes.ts'
import { KeyTable } from './key-table.ts'
import type { FormatParts, LineFormat } from './line-format.ts'
import { Transcript } from './transcript.ts'
import { UntouchedLine } from './untouched-line.ts'

const ownTimestamp = 0
const minus = 0x2d
const stackTrace = Buffer.from('"stack_trace"')
const errorKeys = new KeyTable(['stack', 'stack_trace'])

/**
 * pino's lines as Elastic Common Schema, transcribed as bytes. An entry whose ECS name the line already has keeps
 * its own name, and so does a time, level or error that is not of the kind that ECS expects.
 */
export class EcsFormat implements LineFormat {
  readonly #parts: FormatParts
  readonly #untouched: UntouchedLine
  readonly #names: EcsNames
  /** `"log.level":"info"` by number. */
  readonly #levels: ReadonlyMap<number, Buffer>
  readonly #walker = new EntryWalker()
  readonly #inner = new EntryWalker()
  readonly #entries = new EntryList()
  readonly #transcript = new Transcript()
  readonly #omit: Uint8Array
  #omitted = 0
  /** Ids of the keys that the line has. */
  readonly #seen: Uint8Array
  /** The line's first time entry has been met. */
  #timeMet = false
  #stamped = false

  constructor(parts: FormatParts, names: LineNames, labels: ReadonlyMap<number, string>) {
    this.#parts = parts
    this.#untouched = new UntouchedLine(parts.fields, parts.index, parts.outlet)
    this.#names = new EcsNames(names, parts.fields.keys)
    this.#levels = new Map([...labels].map(([value, label]) => [value, levelEntry(label)]))
    this.#omit = parts.fields.createOmissions()
    this.#seen = new Uint8Array(this.#names.size)
  }

  restart(): void {
    // Nothing is remembered from line to line.
  }

  write(bytes: Buffer, first: number, last: number, wallMs: number): void {
    const { prefix, index, outlet } = this.#parts
    const timeAt = this.#survey(bytes, first, last)
    if (this.#omitted > 0) this.#omit.fill(0)
    this.#omitted = 0
    if (timeAt >= 0) {
      for (let id = 0; id < this.#seen.length; id++) if (this.#seen[id] === 1) this.#omitField(id)
      this.#untouched.write(bytes, first, last, timeAt, this.#omit, wallMs)
      return
    }
    const transcript = this.#transcript
    this.#timeMet = false
    this.#stamped = false
    transcript.begin(first + 1)
    for (let i = 0; i < this.#entries.count; i++) this.#transcribe(bytes, i, last)
    transcript.copy(bytes, last)
    if (!this.#stamped) prefix.stampMillis(wallMs)
    const alone = this.#stamped && this.#entries.count === 1
    const more = hasMembers(bytes, first, last) && !alone
    const end = this.#omitted > 0 ? prefix.finishOmitting(this.#omit, more) : prefix.finish(more)
    outlet.emit(index.of(prefix.day), prefix.bytes, end, transcript.bytes, 0, transcript.end)
  }

  /** Lists the entries; gives where the value of the line's own `@timestamp` begins, or -1. */
  #survey(bytes: Buffer, first: number, last: number): number {
    const walker = this.#walker
    let timeAt = -1
    this.#entries.clear()
    this.#seen.fill(0)
    walker.begin(first, last)
    while (walker.next(bytes)) {
      const id = this.#names.find(bytes, walker.keyStart, walker.keyEnd)
      if (id === ownTimestamp && timeAt < 0) timeAt = walker.valueStart
      if (id >= 0) this.#seen[id] = 1
      const valueEnd = walker.valueEnd(bytes)
      if (valueEnd < 0) break
      this.#entries.add(walker, valueEnd, id)
    }
    return timeAt
  }

  /** Leaves out the static field of this name. */
  #omitField(id: number): void {
    const field = this.#names.field(id)
    if (field < 0) return
    this.#omit[field] = 1
    this.#omitted++
  }

  #transcribe(bytes: Buffer, i: number, last: number): void {
    const id = this.#entries.id(i)
    if (id < 0) return
    const rule = this.#names.rule(id)
    const isFree = rule !== undefined && (rule.target === id || this.#seen[rule.target] === 0)
    this.#omitField(isFree && this.#apply(bytes, i, last, rule) ? rule.target : id)
  }

  /** False when the entry stays as it is. */
  #apply(bytes: Buffer, i: number, last: number, rule: EcsRule): boolean {
    switch (rule.kind) {
      case 'time':
        return this.#takeTime(bytes, i, last)
      case 'level':
        return this.#applyLevel(bytes, i, rule)
      case 'error':
        return this.#applyError(bytes, i, rule)
      case 'plain':
        this.#rename(bytes, i, rule)
        return true
    }
  }

  #rename(bytes: Buffer, i: number, rule: EcsRule): void {
    const entries = this.#entries
    this.#transcript.replace(bytes, entries.keyStart(i), entries.keyEnd(i), rule.name)
  }

  /** Takes the line's first time entry out, with one comma, if it can stand as `@timestamp`. */
  #takeTime(bytes: Buffer, i: number, last: number): boolean {
    if (this.#timeMet) return false
    this.#timeMet = true
    const entries = this.#entries
    this.#stamped = this.#parts.prefix.stampValue(bytes, entries.valueStart(i), last)
    if (!this.#stamped) return false
    if (i + 1 < entries.count) {
      this.#transcript.cut(bytes, entries.keyStart(i), entries.keyStart(i + 1))
    } else {
      const start = i > 0 ? entries.valueEnd(i - 1) : entries.keyStart(i)
      this.#transcript.cut(bytes, start, entries.valueEnd(i))
    }
    return true
  }

  /** A number becomes its label, a string stays. */
  #applyLevel(bytes: Buffer, i: number, rule: EcsRule): boolean {
    const start = this.#entries.valueStart(i)
    const end = this.#entries.valueEnd(i)
    const first = bytes[start]
    if (first === quote) {
      this.#rename(bytes, i, rule)
      return true
    }
    if (!isDigit(first) && first !== minus) return false
    const known = this.#levels.get(smallInteger(bytes, start, end))
    const entry = known ?? levelEntry(bytes.toString('latin1', start, end))
    this.#transcript.replace(bytes, this.#entries.keyStart(i), end, entry)
    return true
  }

  /** pino's serialized error becomes ECS's: `stack` is `stack_trace` there, the rest stays. */
  #applyError(bytes: Buffer, i: number, rule: EcsRule): boolean {
    const start = this.#entries.valueStart(i)
    if (bytes[start] !== openBrace) return false
    this.#rename(bytes, i, rule)
    const inner = this.#inner
    let stackAt = -1
    inner.begin(start, this.#entries.valueEnd(i))
    while (inner.next(bytes)) {
      const key = errorKeys.find(bytes, inner.keyStart, inner.keyEnd)
      if (key === 1) return true
      if (key === 0) stackAt = inner.keyStart
    }
    if (stackAt >= 0) {
      this.#transcript.replace(bytes, stackAt - 1, stackAt + 'stack"'.length, stackTrace)
    }
    return true
  }
}

function levelEntry(label: string): Buffer {
  return Buffer.from(`"log.level":${JSON.stringify(label)}`)
}
