import { EpochNumber } from './epoch-number.ts'
import { IsoTime } from './iso-time.ts'
import { quote, skipValue } from './json-bytes.ts'

/** `text` is an ISO 8601 instant, `epoch` a number (or its digits as a string), `none` neither. */
export type TimeKind = 'text' | 'epoch' | 'none'

const secondsPerDay = 86_400

/** Reads an instant from a JSON value. Reused: what it read is good until the next `read`. */
export class TimeValue {
  readonly iso = new IsoTime()
  readonly epoch = new EpochNumber()
  /** The UTC day, counted from 1970-01-01. */
  day = 0

  /** Reads the value that begins at `at`, inside an object that ends before `end`. */
  read(line: Uint8Array, at: number, end: number): TimeKind {
    const behind = skipValue(line, at, end)
    if (behind < 0) return 'none'
    if (line[at] !== quote) return this.#readNumber(line, at, behind)
    if (!this.iso.parse(line, at + 1, behind - 1)) return this.#readNumber(line, at + 1, behind - 1)
    this.day = this.iso.day
    return 'text'
  }

  #readNumber(line: Uint8Array, start: number, end: number): TimeKind {
    if (!this.epoch.parse(line, start, end)) return 'none'
    this.day = Math.floor(this.epoch.seconds / secondsPerDay)
    return 'epoch'
  }
}
