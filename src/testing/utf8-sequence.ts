/** How a character outside ASCII reads. */
export type Utf8Sequence =
  | { readonly kind: 'whole'; readonly length: number }
  | { readonly kind: 'bad'; readonly message: string; readonly offset: number }
  | { readonly kind: 'cut' }

/**
 * Reads one character as Jackson does, which is laxer than the standard: surrogates (ed a0 80) and
 * overlong forms pass.
 */
export function readUtf8Sequence(bytes: Buffer, at: number): Utf8Sequence {
  const first = bytes[at] ?? 0
  const length = lengthOf(first)
  if (length === 0) {
    return { kind: 'bad', message: `Invalid UTF-8 start byte 0x${first.toString(16)}`, offset: 0 }
  }
  for (let offset = 1; offset < length; offset++) {
    const byte = bytes[at + offset]
    if (byte === undefined) return { kind: 'cut' }
    if ((byte & 0xc0) !== 0x80) {
      return { kind: 'bad', message: `Invalid UTF-8 middle byte 0x${byte.toString(16)}`, offset }
    }
  }
  return { kind: 'whole', length }
}

function lengthOf(first: number): number {
  if ((first & 0xe0) === 0xc0) return 2
  if ((first & 0xf0) === 0xe0) return 3
  return (first & 0xf8) === 0xf0 ? 4 : 0
}
