import { startsWithAt } from './json-bytes.ts'

/** `text` as it stands between the quotes of a JSON string. */
export function escaped(text: string): Buffer {
  return Buffer.from(JSON.stringify(text).slice(1, -1))
}

interface Candidate {
  readonly bytes: Buffer
  readonly id: number
}

/**
 * Finds keys among a few known ones, by their bytes: a key that is written with needless escapes
 * (`\u0061`) is not recognized. No serializer writes such, and repair compares decoded keys.
 */
export class KeyTable {
  /** Index: length in bytes. */
  readonly #byLength: (Candidate[] | undefined)[] = []

  /** The id of a key is its place in `keys`. */
  constructor(keys: readonly string[]) {
    for (const [id, key] of keys.entries()) {
      const bytes = escaped(key)
      const bucket = this.#byLength[bytes.length] ?? []
      bucket.push({ bytes, id })
      this.#byLength[bytes.length] = bucket
    }
  }

  /** The id of the key in `bytes[start, end)`, or -1. */
  find(bytes: Uint8Array, start: number, end: number): number {
    const bucket = this.#byLength[end - start]
    if (bucket === undefined) return -1
    for (const candidate of bucket) {
      if (startsWithAt(bytes, start, candidate.bytes)) return candidate.id
    }
    return -1
  }
}
