import { daysFromCivil, daysInMonth } from '../core/civil-date.ts'
import { colon, isDigit, zero } from './json-bytes.ts'

const dash = 0x2d
const plus = 0x2b
const dot = 0x2e
const comma = 0x2c
const capitalT = 0x54
const capitalZ = 0x5a

/** More digits are refused by Elasticsearch. */
const maxFractionDigits = 9
/** The largest offset of java.time, which Elasticsearch parses with. */
const maxOffsetMinutes = 18 * 60

/** Two digits as a number, or -1. */
function two(bytes: Uint8Array, at: number): number {
  const tens = bytes[at] ?? 0
  const ones = bytes[at + 1] ?? 0
  return isDigit(tens) && isDigit(ones) ? (tens - zero) * 10 + ones - zero : -1
}

const within = (value: number, low: number, high: number) => value >= low && value <= high

/**
 * An ISO 8601 instant with a `T`, as text: `yyyy-MM-ddTHH:mm[:ss[.fraction]][Z|±HH|±HHmm|±HH:mm]`. Only what
 * Elasticsearch takes in a `date` field passes; a text without a zone is UTC.
 */
export class IsoTime {
  /** The UTC day of the instant, counted from 1970-01-01. */
  day = 0
  #start = 0
  /** Behind the seconds (or the minutes, where there are none). */
  #clockEnd = 0
  #fractionEnd = 0
  #end = 0

  /** Reads all of `[start, end)`; false for anything else than the shape above with every part in its range. */
  parse(bytes: Uint8Array, start: number, end: number): boolean {
    if (end - start < 16 || end - start > 64) return false
    if (bytes[start + 4] !== dash || bytes[start + 7] !== dash) return false
    if (bytes[start + 10] !== capitalT || bytes[start + 13] !== colon) return false
    this.#start = start
    this.#end = end
    if (!this.#parseFraction(bytes, this.#parseSeconds(bytes, start + 16))) return false
    const offset = this.#parseZone(bytes)
    return !Number.isNaN(offset) && this.#parseMinute(bytes, offset)
  }

  /** Writes the instant at `out[at]`, at most 35 bytes; gives the position behind it. */
  write(bytes: Uint8Array, out: Uint8Array, at: number): number {
    let next = at
    for (let from = this.#start; from < this.#clockEnd; from++) out[next++] = bytes[from] ?? 0
    const fractionEnd = Math.min(this.#fractionEnd, this.#clockEnd + 1 + maxFractionDigits)
    for (let from = this.#clockEnd; from < fractionEnd; from++) {
      // ISO 8601 allows a comma, which not every server takes.
      out[next++] = from === this.#clockEnd ? dot : (bytes[from] ?? 0)
    }
    if (this.#fractionEnd === this.#end) out[next++] = capitalZ
    for (let from = this.#fractionEnd; from < this.#end; from++) out[next++] = bytes[from] ?? 0
    return next
  }

  /** Gives the position behind `:ss`, or `at` where there is none, or -1. */
  #parseSeconds(bytes: Uint8Array, at: number): number {
    if (at >= this.#end || bytes[at] !== colon) return at
    return at + 3 <= this.#end && within(two(bytes, at + 1), 0, 59) ? at + 3 : -1
  }

  #parseFraction(bytes: Uint8Array, at: number): boolean {
    if (at < 0) return false
    this.#clockEnd = at
    this.#fractionEnd = at
    const hasSeconds = at === this.#start + 19
    if (at >= this.#end || (bytes[at] !== dot && bytes[at] !== comma)) return true
    let next = at + 1
    while (next < this.#end && isDigit(bytes[next])) next++
    this.#fractionEnd = next
    return hasSeconds && next > at + 1
  }

  /** Minutes east of UTC, or NaN. */
  #parseZone(bytes: Uint8Array): number {
    const at = this.#fractionEnd
    const length = this.#end - at
    if (length === 0) return 0
    const sign = bytes[at]
    if (sign === capitalZ) return length === 1 ? 0 : Number.NaN
    if (sign !== plus && sign !== dash) return Number.NaN
    const hours = two(bytes, at + 1)
    let minutes = -1
    if (length === 3) minutes = 0
    else if (length === 5) minutes = two(bytes, at + 3)
    else if (length === 6 && bytes[at + 3] === colon) minutes = two(bytes, at + 4)
    const offset = hours * 60 + minutes
    if (hours < 0 || !within(minutes, 0, 59) || offset > maxOffsetMinutes) return Number.NaN
    return sign === plus ? offset : -offset
  }

  #parseMinute(bytes: Uint8Array, offset: number): boolean {
    const start = this.#start
    const century = two(bytes, start)
    const year = century * 100 + two(bytes, start + 2)
    const month = two(bytes, start + 5)
    const day = two(bytes, start + 8)
    const hour = two(bytes, start + 11)
    const minute = two(bytes, start + 14)
    if (century < 0 || two(bytes, start + 2) < 0 || !within(month, 1, 12)) return false
    if (!within(day, 1, daysInMonth(year, month))) return false
    if (!within(hour, 0, 23) || !within(minute, 0, 59)) return false
    const shift = Math.floor((hour * 60 + minute - offset) / 1440)
    this.day = daysFromCivil(year, month, day) + shift
    return true
  }
}
