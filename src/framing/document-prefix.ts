import { civilFromDays } from '../core/civil-date.ts'
import { closeBrace, comma, quote, zero } from './json-bytes.ts'
import type { StaticFields } from './static-fields.ts'
import { TimeValue } from './time-value.ts'

const opening = Buffer.from('{"@timestamp":"')
const textAt = opening.length
/** `2026-11-22T20:33:15.123Z`. */
const millisLength = 24
/** The dot of the text above. */
const dotAt = textAt + 19
const maxTextLength = 40
const secondsPerDay = 86_400

/** Writes `value` as `count` decimal digits. */
function writeDigits(out: Uint8Array, at: number, value: number, count: number): void {
  let rest = value
  for (let i = at + count - 1; i >= at; i--) {
    const next = Math.floor(rest / 10)
    out[i] = zero + rest - next * 10
    rest = next
  }
}

/**
 * What stands in front of a line, in one buffer that lives as long as the framer:
 *
 * ```
 *  {"@timestamp":"2026-11-22T20:33:15.123Z","service.name":"worker",
 *                 └ text ────────────────┘└ suffix ────────────────┘
 * ```
 * The text of a second is kept for the lines of the same second, and the suffix while it stands where it did:
 * after each stamp comes one `finish`.
 */
export class DocumentPrefix {
  readonly bytes: Buffer
  /** The UTC day of the text, counted from 1970-01-01. */
  day = 0
  readonly #fields: StaticFields
  /** `",` and all fields. */
  readonly #suffix: Buffer
  /** Where a whole suffix stands; -1 for nowhere. */
  #suffixAt = -1
  #textLength = 0
  /** The second whose text stands in `bytes`; -1 when another text does. */
  #second = -1
  #civilDay = Number.NaN
  readonly #time = new TimeValue()
  /** The ten digits of `#second`, or zeros. */
  readonly #secondDigits = new Uint8Array(10)

  constructor(fields: StaticFields) {
    this.#fields = fields
    this.#suffix = Buffer.concat([Buffer.from('",'), fields.all])
    this.bytes = Buffer.allocUnsafeSlow(textAt + maxTextLength + this.#suffix.length)
    opening.copy(this.bytes)
  }

  /** Takes 13 digits at `at` as ms, if they lie in the second of the text that stands here; else false. */
  stampSameSecond(line: Uint8Array, at: number, end: number): boolean {
    if (this.#second < 0 || this.#textLength !== millisLength || at + 14 > end) return false
    const digits = this.#secondDigits
    for (let i = 0; i < 10; i++) if (line[at + i] !== digits[i]) return false
    const behind = line[at + 13]
    if (behind !== comma && behind !== closeBrace) return false
    for (let i = 10; i < 13; i++) {
      const digit = line[at + i] ?? 0
      if (digit < zero || digit > zero + 9) return false
      this.bytes[dotAt + i - 9] = digit
    }
    return true
  }

  /** Takes the JSON value at `at` as the time; false, and nothing changed, when it is no usable one. */
  stampValue(line: Uint8Array, at: number, end: number): boolean {
    if (this.stampSameSecond(line, at, end)) return true
    const time = this.#time
    switch (time.read(line, at, end)) {
      case 'none':
        return false
      case 'epoch':
        this.stampEpoch(time.epoch.seconds, time.epoch.nanos)
        return true
      case 'text':
        this.#textLength = time.iso.write(line, this.bytes, textAt) - textAt
        this.#second = -1
        this.day = time.day
        return true
    }
  }

  /** Takes a wall clock's ms. */
  stampMillis(wallMs: number): void {
    const ms = Math.max(0, Math.floor(wallMs))
    const seconds = Math.floor(ms / 1000)
    this.stampEpoch(seconds, (ms - seconds * 1000) * 1_000_000)
  }

  /** Takes seconds since 1970, and 0 to 999,999,999 ns. Written to the ms, or as finely as is needed. */
  stampEpoch(seconds: number, nanos: number): void {
    if (seconds !== this.#second) this.#writeSecond(seconds)
    const bytes = this.bytes
    let places = 9
    if (nanos % 1_000_000 === 0) places = 3
    else if (nanos % 1000 === 0) places = 6
    bytes[dotAt] = 0x2e
    writeDigits(bytes, dotAt + 1, Math.floor(nanos / 10 ** (9 - places)), places)
    bytes[dotAt + 1 + places] = 0x5a
    this.#textLength = dotAt + 2 + places - textAt
    this.day = this.#civilDay
  }

  /** Puts all fields behind the text; gives the end of the prefix. `more` says whether entries follow. */
  finish(more: boolean): number {
    const at = textAt + this.#textLength
    if (this.#suffixAt !== at) {
      this.#suffix.copy(this.bytes, at)
      this.#suffixAt = at
    }
    return at + this.#suffix.length - (more ? 0 : 1)
  }

  /** The same without the omitted fields. */
  finishOmitting(omit: Uint8Array, more: boolean): number {
    const at = textAt + this.#textLength
    this.bytes[at] = quote
    this.bytes[at + 1] = comma
    this.#suffixAt = -1
    return this.#fields.write(this.bytes, at + 2, omit, true) - (more ? 0 : 1)
  }

  #writeSecond(seconds: number): void {
    const bytes = this.bytes
    const days = Math.floor(seconds / secondsPerDay)
    const { year, month, day } = civilFromDays(days)
    const ofDay = seconds - days * secondsPerDay
    bytes.write('0000-00-00T00:00:00', textAt, 'latin1')
    writeDigits(bytes, textAt, year, 4)
    writeDigits(bytes, textAt + 5, month, 2)
    writeDigits(bytes, textAt + 8, day, 2)
    writeDigits(bytes, textAt + 11, Math.floor(ofDay / 3600), 2)
    writeDigits(bytes, textAt + 14, Math.floor(ofDay / 60) % 60, 2)
    writeDigits(bytes, textAt + 17, ofDay % 60, 2)
    this.#civilDay = days
    this.#second = seconds
    if (seconds >= 1e9 && seconds < 1e10) writeDigits(this.#secondDigits, 0, seconds, 10)
    else this.#secondDigits.fill(0)
  }
}
