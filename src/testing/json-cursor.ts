import { nameCharacter } from './source-location.ts'
import { readUtf8Sequence } from './utf8-sequence.ts'

const quote = 0x22
const backslash = 0x5c
const numberPattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const wordPattern = /[\w$\u0080-\u00ff]+/y
const maxWordBytes = 256

/** What stops a cursor: a message in Jackson's words, and the column (bytes from 1) where it stood. */
export interface CursorFault {
  readonly kind: 'parse' | 'end'
  readonly message: string
  readonly column: number
}

const expectedValue = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"

/**
 * Reads the tokens of one JSON text, strictly. Each `read…` leaves the cursor behind the token and gives
 * undefined, or gives the fault that stopped it.
 */
export class JsonCursor {
  readonly bytes: Buffer
  /** Offset of the next byte. */
  at = 0

  constructor(bytes: Buffer) {
    this.bytes = bytes
  }

  /** Column of the next byte, from 1. */
  get column(): number {
    return this.at + 1
  }

  /** The next byte behind blanks, not taken; undefined at the end. */
  peek(): number | undefined {
    let byte = this.bytes[this.at]
    while (byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === 0x0a) {
      this.at++
      byte = this.bytes[this.at]
    }
    return byte
  }

  /** From the opening quote to behind the closing one. */
  readString(what: 'value' | 'name'): CursorFault | undefined {
    this.at++
    for (let byte = this.bytes[this.at]; byte !== undefined; byte = this.bytes[this.at]) {
      if (byte === quote) {
        this.at++
        return undefined
      }
      const fault = this.#readCharacter(byte, what)
      if (fault) return fault
    }
    return this.#end(what === 'value' ? ' in VALUE_STRING' : ' in field name')
  }

  readNumber(): CursorFault | undefined {
    const text = this.bytes.toString('latin1', this.at, this.at + 4096)
    numberPattern.lastIndex = 0
    const length = numberPattern.exec(text)?.[0].length ?? 0
    const next = this.bytes[this.at + Math.max(length, 1)]
    if (length === 0) {
      if (next === undefined) return this.#end('')
      return this.#unexpected(
        this.at + 1,
        next,
        ' in numeric value: expected digit (0-9) to follow minus sign, for valid numeric value',
      )
    }
    this.at += length
    const leadingZero =
      text[length - 1] === '0' && next !== undefined && next >= 0x30 && next <= 0x39
    return leadingZero
      ? this.fault('Invalid numeric value: Leading zeroes not allowed', this.column)
      : undefined
  }

  /** `true`, `false` or `null`; anything else is a fault. */
  readWord(): CursorFault | undefined {
    const text = this.bytes.toString('latin1', this.at, this.at + maxWordBytes)
    wordPattern.lastIndex = 0
    const word = wordPattern.exec(text)?.[0] ?? ''
    if (word === '' || !/^[A-Za-z_$]/.test(word)) {
      return this.#unexpected(
        this.at,
        this.bytes[this.at] ?? 0,
        `: expected a valid value ${expectedValue}`,
      )
    }
    this.at += word.length
    if (word === 'true' || word === 'false' || word === 'null') return undefined
    if (word === 'NaN' || word === 'Infinity') {
      return this.fault(
        `Non-standard token '${word}': enable \`JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS\` to allow`,
        this.column,
      )
    }
    return this.fault(`Unrecognized token '${word}': was expecting ${expectedValue}`, this.column)
  }

  /** The byte under the cursor has no place here. */
  unexpected(expected: string): CursorFault {
    return this.#unexpected(this.at, this.bytes[this.at] ?? 0, `: ${expected}`)
  }

  fault(message: string, column: number): CursorFault {
    return { kind: 'parse', message, column }
  }

  #readCharacter(byte: number, what: 'value' | 'name'): CursorFault | undefined {
    if (byte === backslash) return this.#readEscape()
    if (byte < 0x20) {
      const where = what === 'value' ? 'string value' : 'name'
      return this.fault(
        `Illegal unquoted character (${nameCharacter(byte)}): has to be escaped using backslash to be included in ${where}`,
        this.column,
      )
    }
    if (byte < 0x80) {
      this.at++
      return undefined
    }
    const sequence = readUtf8Sequence(this.bytes, this.at)
    switch (sequence.kind) {
      case 'whole':
        this.at += sequence.length
        return undefined
      case 'cut':
        return this.#end('')
      case 'bad':
        // Jackson has already taken the bad byte when it complains.
        return this.fault(sequence.message, this.at + sequence.offset + 2)
    }
  }

  #readEscape(): CursorFault | undefined {
    const code = this.bytes[this.at + 1]
    if (code === undefined) return this.#end(' in character escape sequence')
    if (code !== 0x75) {
      this.at += 2
      return '"\\/bfnrt'.includes(String.fromCharCode(code))
        ? undefined
        : this.fault(`Unrecognized character escape ${nameCharacter(code)}`, this.column)
    }
    const digits = this.bytes.toString('latin1', this.at + 2, this.at + 6)
    const bad = /[^0-9a-fA-F]/.exec(digits)
    if (bad) {
      return this.#unexpected(
        this.at + 2 + bad.index,
        bad[0].charCodeAt(0),
        ': expected a hex-digit for character escape sequence',
      )
    }
    if (digits.length < 4) return this.#end(' in character escape sequence')
    this.at += 6
    return undefined
  }

  #unexpected(at: number, byte: number, rest: string): CursorFault {
    return this.fault(`Unexpected character (${nameCharacter(byte)})${rest}`, at + 1)
  }

  #end(where: string): CursorFault {
    return {
      kind: 'end',
      message: `Unexpected end-of-input${where}`,
      column: this.bytes.length + 1,
    }
  }
}
