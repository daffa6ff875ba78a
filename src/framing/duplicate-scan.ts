import { ByteSearch } from './byte-search.ts'
import {
  closeBrace,
  closeBracket,
  colon,
  comma,
  openBrace,
  openBracket,
  quote,
  skipBlanks,
  skipString,
} from './json-bytes.ts'
import { hasSoundEscapes, isScalar, textOf } from './json-scalar.ts'
import { KeyScopes } from './key-scopes.ts'
import { MemberTable } from './member-table.ts'

/** Deeper text is taken for garbage. Elasticsearch takes 1000 levels. */
const maxDepth = 200_000

/** An object or array that is open. */
interface Frame {
  readonly around: Frame | undefined
  readonly closer: number
  /** A number of its own. */
  readonly serial: number
  readonly mark: number
  readonly depth: number
  /** The member whose value this is part of, or -1. */
  readonly owner: number
  /** In an object: the member at hand. */
  member: number
}

const delimiters = new Set(Buffer.from(',:[]{}" \t\r\n'))

/**
 * Finds members whose key comes again in the same object. Without recursion, in linear time, strict as to
 * structure; a scalar or an escape that is not JSON only counts as a fault, since it may be cut out.
 */
export class DuplicateScan {
  readonly members = new MemberTable()
  /** Members to be cut, those inside of other cut ones included. */
  cuts = 0
  faults = 0
  readonly #bytes: Buffer
  readonly #scopes = new KeyScopes()
  readonly #backslashes = new ByteSearch('\\')
  #at = 0
  #frame: Frame | undefined
  #frames = 0
  /** `first`: just behind the opening bracket; `entry`: behind a comma; `more`: behind an entry. */
  #expects: 'first' | 'entry' | 'more' = 'first'

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  /** False when the text is no JSON object as to its structure. */
  run(): boolean {
    const bytes = this.#bytes
    this.#at = skipBlanks(bytes, 0, bytes.length)
    if (bytes[this.#at] !== openBrace) return false
    this.#open(closeBrace)
    while (this.#frame !== undefined) if (!this.#step(this.#frame)) return false
    return skipBlanks(bytes, this.#at, bytes.length) === bytes.length
  }

  #step(frame: Frame): boolean {
    this.#at = skipBlanks(this.#bytes, this.#at, this.#bytes.length)
    const byte = this.#bytes[this.#at]
    if (byte === frame.closer && this.#expects !== 'entry') {
      this.#close(frame)
      return true
    }
    if (this.#expects !== 'more') {
      return (frame.closer === closeBracket || this.#key(frame)) && this.#value()
    }
    if (byte !== comma) return false
    this.#at++
    this.#expects = 'entry'
    if (frame.closer === closeBrace) this.members.setEnd(frame.member, this.#at)
    return true
  }

  #open(closer: number): boolean {
    const around = this.#frame
    const depth = (around?.depth ?? 0) + 1
    let owner = -1
    if (around !== undefined) owner = around.closer === closeBrace ? around.member : around.owner
    const mark = this.#scopes.mark()
    this.#frame = { around, closer, serial: this.#frames++, mark, depth, owner, member: -1 }
    this.#at++
    this.#expects = 'first'
    return depth <= maxDepth
  }

  #close(frame: Frame): void {
    this.#scopes.close(frame.mark)
    this.#frame = frame.around
    this.#at++
    this.#expects = 'more'
  }

  /** Reads `"key":` and the blanks behind it. */
  #key(frame: Frame): boolean {
    const bytes = this.#bytes
    const open = this.#at
    if (bytes[open] !== quote || !this.#string()) return false
    frame.member = this.members.add(open, frame.owner)
    const before = this.#scopes.put(
      textOf(bytes, open + 1, this.#at - 1),
      frame.serial,
      frame.member,
    )
    if (before >= 0) {
      this.members.cut(before)
      this.cuts++
    }
    const middle = skipBlanks(bytes, this.#at, bytes.length)
    this.#at = skipBlanks(bytes, middle + 1, bytes.length)
    return bytes[middle] === colon
  }

  #value(): boolean {
    const byte = this.#bytes[this.#at]
    if (byte === openBrace) return this.#open(closeBrace)
    if (byte === openBracket) return this.#open(closeBracket)
    this.#expects = 'more'
    return byte === quote ? this.#string() : this.#scalar()
  }

  #string(): boolean {
    const open = this.#at
    const behind = skipString(this.#bytes, open + 1, this.#bytes.length)
    if (behind < 0) return false
    const isPlain = !this.#backslashes.isIn(this.#bytes, open + 1, behind)
    if (!isPlain && !hasSoundEscapes(this.#bytes, open + 1, behind - 1)) this.faults++
    this.#at = behind
    return true
  }

  #scalar(): boolean {
    const start = this.#at
    const bytes = this.#bytes
    let end = start
    while (end < bytes.length && !delimiters.has(bytes[end] ?? 0)) end++
    if (!isScalar(bytes, start, end)) this.faults++
    this.#at = end
    return end > start
  }
}
