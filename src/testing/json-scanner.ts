import { findFieldNameFault } from './field-name.ts'
import type { CursorFault } from './json-cursor.ts'
import { JsonCursor } from './json-cursor.ts'
import type { JsonFault, ValuePlace } from './json-fault.ts'

/** `index.mapping.depth.limit`: objects inside each other. */
export const maxObjectDepth = 20
/** Jackson's `StreamReadConstraints`: levels of any kind. */
export const maxNesting = 1000

const nestingMessage = (depth: number): string =>
  `Document nesting depth (${depth}) exceeds the maximum allowed (${maxNesting}, from \`StreamReadConstraints.getMaxNestingDepth()\`)`

/** What a scan looks at besides the JSON itself. */
export interface ScanOptions {
  /** Also hold it to the rules for documents: depth of objects, names of fields. */
  readonly asDocument: boolean
  /** Collect where the values of this field stand. */
  readonly watch?: string
}

/**
 * Walks over one JSON text the way Elasticsearch does and stops at the first thing that it would refuse.
 * Thorough rather than fast: meant for texts that a quick check found suspicious.
 */
export class JsonScanner {
  readonly places: ValuePlace[] = []
  readonly #cursor: JsonCursor
  readonly #options: ScanOptions
  readonly #path: string[] = []
  #objects = 0
  #depth = 0
  #tokenColumn = 1
  #fault: JsonFault | undefined

  constructor(bytes: Buffer, options: ScanOptions) {
    this.#cursor = new JsonCursor(bytes)
    this.#options = options
  }

  /** The first fault, or undefined. */
  scan(): JsonFault | undefined {
    if (this.#value()) this.#rest()
    return this.#fault
  }

  #value(): boolean {
    const byte = this.#cursor.peek()
    const start = this.#cursor.column
    switch (byte) {
      case undefined:
        return this.#endsEarly(undefined)
      case 0x7b:
        return this.#object(start)
      case 0x5b:
        return this.#array(start)
      case 0x22:
        // A text counts as read when its quote was: its content is decoded later.
        this.#tokenColumn = start
        return this.#take(this.#cursor.readString('value'), this.#fieldPath()) && this.#note(start)
      default: {
        const isNumber = byte === 0x2d || (byte >= 0x30 && byte <= 0x39)
        if (!this.#take(isNumber ? this.#cursor.readNumber() : this.#cursor.readWord()))
          return false
        this.#tokenColumn = start
        return this.#note(start)
      }
    }
  }

  #object(start: number): boolean {
    if (!this.#enter(start)) return false
    this.#objects++
    if (this.#options.asDocument && this.#objects > maxObjectDepth) {
      const name = this.#path.slice(0, maxObjectDepth).join('.')
      const message = `Limit of mapping depth [${maxObjectDepth}] has been exceeded due to object field [${name}]`
      return this.#stop({ kind: 'depth', message, column: start, tokenColumn: start })
    }
    const seen = new Set<string>()
    let empty = true
    while (this.#cursor.peek() !== 0x7d) {
      if (!this.#entry('Object', start, empty) || !this.#member(seen, start)) return false
      empty = false
    }
    this.#objects--
    return this.#leave()
  }

  #array(start: number): boolean {
    if (!this.#enter(start)) return false
    let empty = true
    while (this.#cursor.peek() !== 0x5d) {
      if (!this.#entry('Array', start, empty)) return false
      if (this.#cursor.peek() === undefined)
        return this.#endsEarly({ what: 'Array', column: start })
      if (!this.#value()) return false
      empty = false
    }
    return this.#leave()
  }

  /** Takes the comma before all entries but the first. */
  #entry(what: 'Object' | 'Array', start: number, first: boolean): boolean {
    const byte = this.#cursor.peek()
    if (byte === undefined) return this.#endsEarly({ what, column: start })
    if (first) return true
    if (byte !== 0x2c) {
      return this.#take(this.#cursor.unexpected(`was expecting comma to separate ${what} entries`))
    }
    this.#cursor.at++
    return true
  }

  #member(seen: Set<string>, objectStart: number): boolean {
    const open = { what: 'Object', column: objectStart } as const
    const byte = this.#cursor.peek()
    if (byte === undefined) return this.#endsEarly(open)
    if (byte !== 0x22) {
      return this.#take(this.#cursor.unexpected('was expecting double-quote to start field name'))
    }
    const nameColumn = this.#cursor.column
    if (!this.#take(this.#cursor.readString('name'))) return false
    const name = this.#nameSince(nameColumn)
    if (seen.has(name)) {
      return this.#take(this.#cursor.fault(`Duplicate field '${name}'`, this.#cursor.column))
    }
    seen.add(name)
    const next = this.#cursor.peek()
    if (next === undefined) return this.#endsEarly(open)
    if (next !== 0x3a) {
      return this.#take(
        this.#cursor.unexpected('was expecting a colon to separate field name and value'),
      )
    }
    this.#cursor.at++
    this.#tokenColumn = nameColumn
    if (!this.#acceptable(name, nameColumn)) return false
    if (this.#cursor.peek() === undefined) return this.#endsEarly(open)
    this.#path.push(name)
    const fine = this.#value()
    this.#path.pop()
    return fine
  }

  #acceptable(name: string, column: number): boolean {
    const fault = this.#options.asDocument ? findFieldNameFault(name) : undefined
    if (!fault) return true
    const kind = fault.bare ? 'bare-name' : 'name'
    return this.#stop({ kind, message: fault.reason, column, tokenColumn: column })
  }

  #enter(start: number): boolean {
    this.#depth++
    if (this.#depth > maxNesting) {
      const message = nestingMessage(this.#depth)
      return this.#stop({ kind: 'nesting', message, column: start, tokenColumn: start })
    }
    this.#tokenColumn = start
    this.#cursor.at++
    return true
  }

  #leave(): boolean {
    this.#depth--
    this.#tokenColumn = this.#cursor.column
    this.#cursor.at++
    return this.#cursor.bytes[this.#cursor.at - 1] === 0x7d ? this.#note(this.#cursor.at) : true
  }

  #note(column: number): true {
    if (this.#options.watch !== undefined && this.#fieldPath() === this.#options.watch) {
      this.places.push({ column, lastColumn: this.#cursor.at })
    }
    return true
  }

  #rest(): void {
    if (this.#cursor.peek() === undefined) return
    const column = this.#cursor.column
    const token = nameToken(this.#cursor.bytes[this.#cursor.at])
    if (token !== undefined) {
      this.#stop({ kind: 'trailing', message: token, column, tokenColumn: column })
      return
    }
    const fault = this.#cursor.readWord()
    if (fault) this.#stop({ ...fault, kind: 'trailing-parse', tokenColumn: fault.column })
    else this.#stop({ kind: 'trailing', message: 'VALUE_BOOLEAN', column, tokenColumn: column })
  }

  #endsEarly(open: JsonFault['open']): false {
    const marker = open ? { open } : {}
    const column = this.#cursor.bytes.length + 1
    const message = 'Unexpected end-of-input'
    return this.#stop({ kind: 'end', message, column, tokenColumn: this.#tokenColumn, ...marker })
  }

  #take(fault: CursorFault | undefined, field?: string): boolean {
    if (!fault) return true
    const inField = field === undefined || field === '' ? {} : { field }
    return this.#stop({ ...fault, tokenColumn: this.#tokenColumn, ...inField })
  }

  #stop(fault: JsonFault): false {
    this.#fault = fault
    return false
  }

  #fieldPath(): string {
    return this.#path.join('.')
  }

  #nameSince(column: number): string {
    const text = this.#cursor.bytes.toString('utf8', column, this.#cursor.at - 1)
    return text.includes('\\') ? (JSON.parse(`"${text}"`) as string) : text
  }
}

/** Jackson's name for the token that begins with this byte; undefined for words, which need reading. */
export function nameToken(byte: number | undefined): string | undefined {
  if (byte === 0x7b) return 'START_OBJECT'
  if (byte === 0x5b) return 'START_ARRAY'
  if (byte === 0x22) return 'VALUE_STRING'
  const isNumber = byte === 0x2d || (byte !== undefined && byte >= 0x30 && byte <= 0x39)
  return isNumber ? 'VALUE_NUMBER' : undefined
}
