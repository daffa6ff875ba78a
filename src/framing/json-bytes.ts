/** Walking JSON as bytes. Nothing here validates: broken text gives -1 at the latest where it stops making sense. */

export const quote = 0x22
export const backslash = 0x5c
export const comma = 0x2c
export const colon = 0x3a
export const openBrace = 0x7b
export const closeBrace = 0x7d
export const openBracket = 0x5b
export const closeBracket = 0x5d
export const carriageReturn = 0x0d
export const newline = 0x0a
export const zero = 0x30

/** JSON's blanks: space, tab, LF, CR. */
export function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === newline || byte === carriageReturn
}

export function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= zero && byte <= 0x39
}

/** The first position in `[at, end)` that is no blank, or `end`. */
export function skipBlanks(bytes: Uint8Array, at: number, end: number): number {
  let next = at
  while (next < end && isBlank(bytes[next])) next++
  return next
}

/** From this many bytes on, a native search for the closing quote is worth its call. */
const longString = 48

/** Is the quote at `at` escaped, in a string whose inside begins at `start`? */
function isEscaped(bytes: Uint8Array, start: number, at: number): boolean {
  let before = at
  while (before > start && bytes[before - 1] === backslash) before--
  return (at - before) % 2 === 1
}

/** `at` is just behind the opening quote; gives the position behind the closing one, or -1 when there is none. */
export function skipString(bytes: Uint8Array, at: number, end: number): number {
  let next = at
  while (next < end) {
    const stop = Math.min(end, next + longString)
    while (next < stop) {
      const byte = bytes[next]
      if (byte === quote) return next + 1
      next += byte === backslash ? 2 : 1
    }
    const hit = bytes.indexOf(quote, next)
    if (hit < 0 || hit >= end) return -1
    if (!isEscaped(bytes, next, hit)) return hit + 1
    next = hit + 1
  }
  return -1
}

/** `at` is on `{` or `[`; gives the position behind its partner, or -1. */
function skipNested(bytes: Uint8Array, at: number, end: number): number {
  let depth = 0
  let next = at
  while (next < end) {
    const byte = bytes[next]
    if (byte === quote) {
      next = skipString(bytes, next + 1, end)
      if (next < 0) return -1
      continue
    }
    if (byte === openBrace || byte === openBracket) depth++
    else if (byte === closeBrace || byte === closeBracket) depth--
    next++
    if (depth === 0) return next
  }
  return -1
}

/** `at` is on a number or a literal; gives the position behind it, or -1 when there is nothing. */
function skipScalar(bytes: Uint8Array, at: number, end: number): number {
  let next = at
  while (next < end) {
    const byte = bytes[next]
    if (byte === comma || byte === closeBrace || byte === closeBracket || isBlank(byte)) break
    next++
  }
  return next === at ? -1 : next
}

/** `at` is on the first byte of a value; gives the position behind it, or -1 when it does not end before `end`. */
export function skipValue(bytes: Uint8Array, at: number, end: number): number {
  const byte = bytes[at]
  if (byte === quote) return skipString(bytes, at + 1, end)
  if (byte === openBrace || byte === openBracket) return skipNested(bytes, at, end)
  return skipScalar(bytes, at, end)
}

/** Do the bytes from `at` on begin with all of `expected`? */
export function startsWithAt(bytes: Uint8Array, at: number, expected: Uint8Array): boolean {
  const length = expected.length
  if (at + length > bytes.length) return false
  for (let i = 0; i < length; i++) if (bytes[at + i] !== expected[i]) return false
  return true
}

/** A plain integer of one to nine digits, or -1 for anything else. */
export function smallInteger(bytes: Uint8Array, start: number, end: number): number {
  if (end <= start || end - start > 9) return -1
  let value = 0
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0
    if (!isDigit(byte)) return -1
    value = value * 10 + byte - zero
  }
  return value
}
