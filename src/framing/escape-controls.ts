import { backslash, isBlank, quote } from './json-bytes.ts'

const space = 0x20
const letterU = 0x75
const zero = 0x30
const hexDigits = Buffer.from('0123456789abcdef')

/** Control bytes that have a short escape. */
const shortForms = new Map([
  [0x08, 0x62],
  [0x09, 0x74],
  [0x0a, 0x6e],
  [0x0c, 0x66],
  [0x0d, 0x72],
])

function countControls(bytes: Uint8Array): number {
  let count = 0
  for (let at = 0; at < bytes.length; at++) if ((bytes[at] ?? 0) < space) count++
  return count
}

/** Writes the escape of a control byte, at most 6 bytes; gives the position behind it. */
function writeEscape(out: Uint8Array, at: number, byte: number): number {
  const short = shortForms.get(byte)
  out[at] = backslash
  if (short !== undefined) {
    out[at + 1] = short
    return at + 2
  }
  out[at + 1] = letterU
  out[at + 2] = zero
  out[at + 3] = zero
  out[at + 4] = hexDigits[byte >> 4] ?? zero
  out[at + 5] = hexDigits[byte & 15] ?? zero
  return at + 6
}

class ControlEscaper {
  count = 0
  readonly #bytes: Buffer
  readonly #out: Buffer
  #end = 0

  constructor(bytes: Buffer, controls: number) {
    this.#bytes = bytes
    // Room for the longest escape, and for the backslash of a stray one before it.
    this.#out = Buffer.allocUnsafeSlow(bytes.length + controls * 6)
  }

  run(): Buffer {
    let at = 0
    while (at < this.#bytes.length) {
      const byte = this.#bytes[at++] ?? 0
      const becomesSpace = byte < space && !isBlank(byte)
      if (becomesSpace) this.count++
      this.#out[this.#end++] = becomesSpace ? space : byte
      if (byte === quote) at = this.#string(at)
    }
    return this.#out.subarray(0, this.#end)
  }

  /** Copies the string whose inside begins at `start`; gives the position behind its closing quote. */
  #string(start: number): number {
    let isEscape = false
    let at = start
    while (at < this.#bytes.length) {
      const byte = this.#bytes[at++] ?? 0
      if (byte < space) {
        this.#control(byte, isEscape)
        isEscape = false
        continue
      }
      this.#out[this.#end++] = byte
      if (byte === quote && !isEscape) break
      isEscape = byte === backslash && !isEscape
    }
    return at
  }

  /** A backslash before a control byte escapes nothing: it becomes a character of its own. */
  #control(byte: number, isEscape: boolean): void {
    if (isEscape) this.#out[this.#end++] = backslash
    this.#end = writeEscape(this.#out, this.#end, byte)
    this.count++
  }
}

/**
 * JSON text whose control bytes (below 0x20) are escaped inside of strings, and spaces outside, where blanks stay.
 * `count` is the number of bytes changed; with 0 the text is the one given.
 */
export function escapeControls(bytes: Buffer): { readonly bytes: Buffer; readonly count: number } {
  const controls = countControls(bytes)
  if (controls === 0) return { bytes, count: 0 }
  const escaper = new ControlEscaper(bytes, controls)
  const escaped = escaper.run()
  return { bytes: escaped, count: escaper.count }
}
