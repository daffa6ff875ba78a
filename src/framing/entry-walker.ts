import {
  closeBrace,
  colon,
  comma,
  openBrace,
  quote,
  skipBlanks,
  skipString,
  skipValue,
} from './json-bytes.ts'

/**
 * Steps through the entries of one JSON object, none deeper, without an allocation. It keeps no reference to
 * the bytes, which are handed in again at each step.
 *
 * ```
 *  {"level":30,"time":1700000000000,…
 *    └ keyStart └ valueStart
 * ```
 */
export class EntryWalker {
  /** The first byte of the key, behind its quote. */
  keyStart = 0
  /** The closing quote of the key. */
  keyEnd = 0
  valueStart = 0
  #end = 0
  #at = 0
  /** Position behind the current value; -1 while unknown. */
  #behind = -1

  /** Goes before the first entry of the object that opens at `open` and closes before `end`. */
  begin(open: number, end: number): void {
    this.#at = open
    this.#behind = open
    this.#end = end
  }

  /** Goes to the next entry; false when there is none, or what follows is no entry. */
  next(bytes: Uint8Array): boolean {
    const behind = this.valueEnd(bytes)
    if (behind < 0) return false
    const separator = skipBlanks(bytes, behind, this.#end)
    // The walk starts on the opening brace itself, which stands where the comma stands later.
    if (bytes[separator] !== (behind === this.#at ? openBrace : comma)) return false
    const open = skipBlanks(bytes, separator + 1, this.#end)
    if (open >= this.#end || bytes[open] !== quote) return false
    const close = skipString(bytes, open + 1, this.#end)
    if (close < 0) return false
    const middle = skipBlanks(bytes, close, this.#end)
    if (bytes[middle] !== colon) return false
    this.keyStart = open + 1
    this.keyEnd = close - 1
    this.valueStart = skipBlanks(bytes, middle + 1, this.#end)
    this.#behind = -1
    return this.valueStart < this.#end
  }

  /** The position behind the current value, or -1 when the value does not end. */
  valueEnd(bytes: Uint8Array): number {
    if (this.#behind < 0) this.#behind = skipValue(bytes, this.valueStart, this.#end)
    return this.#behind
  }
}

/** Does the object that opens at `open` have anything inside? */
export function hasMembers(bytes: Uint8Array, open: number, end: number): boolean {
  if (bytes[open + 1] === quote) return true
  return bytes[skipBlanks(bytes, open + 1, end)] !== closeBrace
}
