import { isDigit, zero } from './json-bytes.ts'

/** 9999-12-31T23:59:59Z: Elasticsearch's dates end there. */
const lastSecond = 253_402_300_799

const dot = 0x2e
const maxDigits = 40

/** Decimal places of the unit, by the number of digits before the point: below 1e11 s, 1e14 ms, 1e17 µs, else ns. */
function placesOf(digits: number): number {
  if (digits <= 11) return 0
  if (digits <= 14) return 3
  return digits <= 17 ? 6 : 9
}

/**
 * An instant from a JSON number, in s, ms, µs or ns by its size. It works on decimal digits, since
 * nanoseconds do not fit a double.
 */
export class EpochNumber {
  /** Whole seconds since 1970. */
  seconds = 0
  /** 0 to 999,999,999. */
  nanos = 0
  /** The significant digits of the number: its value is 0.d₀d₁d₂… × 10^point. */
  readonly #digits = new Uint8Array(maxDigits)
  #count = 0
  #point = 0

  /** Reads all of `[start, end)`; false for what is no number, negative, or later than the year 9999. */
  parse(bytes: Uint8Array, start: number, end: number): boolean {
    this.#count = 0
    this.#point = 0
    let at = this.#readDigits(bytes, start, end, 1)
    if (at === start) return false
    if (at < end && bytes[at] === dot) {
      const fraction = at + 1
      at = this.#readDigits(bytes, fraction, end, 0)
      if (at === fraction) return false
    }
    if (at < end && !this.#readExponent(bytes, at, end)) return false
    return this.#resolve()
  }

  /** Takes digits up to the first other byte; each moves the point by `step`. */
  #readDigits(bytes: Uint8Array, start: number, end: number, step: 0 | 1): number {
    let at = start
    for (; at < end; at++) {
      const byte = bytes[at] ?? 0
      if (!isDigit(byte)) break
      if (this.#count === 0 && byte === zero) {
        this.#point += step - 1
        continue
      }
      if (this.#count < maxDigits) this.#digits[this.#count++] = byte - zero
      this.#point += step
    }
    return at
  }

  /** Reads `e±n` at the end of the number. */
  #readExponent(bytes: Uint8Array, start: number, end: number): boolean {
    if (((bytes[start] ?? 0) | 0x20) !== 0x65) return false
    const negative = bytes[start + 1] === 0x2d
    const first = start + (negative || bytes[start + 1] === 0x2b ? 2 : 1)
    if (first >= end || end - first > 3) return false
    let exponent = 0
    for (let at = first; at < end; at++) {
      const byte = bytes[at] ?? 0
      if (!isDigit(byte)) return false
      exponent = exponent * 10 + byte - zero
    }
    this.#point += negative ? -exponent : exponent
    return true
  }

  #resolve(): boolean {
    if (this.#count === 0) {
      this.seconds = 0
      this.nanos = 0
      return true
    }
    if (this.#point > 21) return false
    const split = this.#point - placesOf(this.#point)
    this.seconds = this.#integer(0, split)
    this.nanos = this.#integer(split, split + 9)
    return this.seconds <= lastSecond
  }

  /** Digits `[from, to)` as an integer; those that are not there are zeros. */
  #integer(from: number, to: number): number {
    let value = 0
    for (let i = from; i < to; i++) {
      value = value * 10 + (i >= 0 && i < this.#count ? (this.#digits[i] ?? 0) : 0)
    }
    return value
  }
}
