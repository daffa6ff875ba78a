import { backslash, isDigit, zero } from './json-bytes.ts'

const minus = 0x2d
const plus = 0x2b
const dot = 0x2e
const letterU = 0x75
const literals = ['true', 'false', 'null'].map((text) => Buffer.from(text))
/** What may follow a backslash, but `u`. */
const escapes = new Set(Buffer.from('"\\/bfnrt'))

function isHex(byte: number | undefined): boolean {
  const lower = (byte ?? 0) | 0x20
  return isDigit(byte) || (lower >= 0x61 && lower <= 0x66)
}

function skipDigits(bytes: Uint8Array, at: number, end: number): number {
  let next = at
  while (next < end && isDigit(bytes[next])) next++
  return next
}

/** Behind the fraction or exponent whose digits begin at `at`; -1 when there are none. */
function skipSomeDigits(bytes: Uint8Array, at: number, end: number): number {
  const next = skipDigits(bytes, at, end)
  return next === at ? -1 : next
}

function isNumber(bytes: Uint8Array, start: number, end: number): boolean {
  const first = bytes[start] === minus ? start + 1 : start
  let at = skipSomeDigits(bytes, first, end)
  if (at < 0 || (bytes[first] === zero && at > first + 1)) return false
  if (at < end && bytes[at] === dot) at = skipSomeDigits(bytes, at + 1, end)
  if (at >= 0 && at < end && ((bytes[at] ?? 0) | 0x20) === 0x65) {
    const sign = bytes[at + 1]
    at = skipSomeDigits(bytes, at + (sign === plus || sign === minus ? 2 : 1), end)
  }
  return at === end
}

/** Is `bytes[start, end)` a number, `true`, `false` or `null`, exactly? */
export function isScalar(bytes: Buffer, start: number, end: number): boolean {
  const first = bytes[start]
  if (isDigit(first) || first === minus) return isNumber(bytes, start, end)
  return literals.some((literal) => literal.equals(bytes.subarray(start, end)))
}

/** Are all escapes in `bytes[start, end)`, the inside of a string, JSON's? */
export function hasSoundEscapes(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    if (bytes[at] !== backslash) continue
    at++
    if (bytes[at] === letterU) {
      for (let i = 1; i <= 4; i++) if (!isHex(bytes[at + i])) return false
      at += 4
    } else if (!escapes.has(bytes[at] ?? 0)) {
      return false
    }
  }
  return true
}

/** The text of a JSON string whose inside is `bytes[start, end)`; as it stands where its escapes are broken. */
export function textOf(bytes: Buffer, start: number, end: number): string {
  const raw = bytes.toString('utf8', start, end)
  if (!raw.includes('\\')) return raw
  try {
    return String(JSON.parse(`"${raw}"`))
  } catch {
    return raw
  }
}
