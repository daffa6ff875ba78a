import type { Clock, Random } from '../core/platform.ts'

/** Length of an `_id`, in bytes and characters. */
export const idLength = 20

/** base64url's characters in ASCII order, so that ids sort as their numbers do. */
const alphabet = Buffer.from('-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz')

/**
 * Makes the `_id` of each line: 20 characters that sort by time and are unique across processes.
 *
 * ```
 *  48 bits: wall-clock ms   40 bits: random, per instance   32 bits: counter
 *  └── 8 characters ──┘     └─ 6⅔ characters ─┘             └─ 5⅓ ─┘
 * ```
 * The random part is drawn at first use, and again when the clock jumps back or the counter is used up.
 */
export class IdSource {
  readonly #clock: Clock
  readonly #random: Random
  readonly #firstCount: number
  readonly #next = Buffer.alloc(idLength, alphabet[0])
  #wallMs = -1
  #counter = 0
  /** The lowest 4 of the 40 random bits: they share a character with the counter's highest 2. */
  #nibble = 0

  /** The counter of the first id is `firstCount`, default 0. */
  constructor(clock: Clock, random: Random, firstCount = 0) {
    this.#clock = clock
    this.#random = random
    this.#firstCount = firstCount
  }

  /** Looks at the clock. Once a chunk is enough: the counter keeps ids apart. */
  tick(): void {
    const wallMs = Math.max(0, Math.floor(this.#clock.wallNow()))
    if (wallMs === this.#wallMs) return
    if (this.#wallMs === -1) this.#draw(this.#firstCount)
    else if (wallMs < this.#wallMs) this.#draw(0)
    this.#wallMs = wallMs
    let rest = wallMs
    for (let at = 7; at >= 0; at--) {
      this.#next[at] = alphabet[rest % 64] ?? 0
      rest = Math.floor(rest / 64)
    }
  }

  /** Writes the next id at `target[at, at + 20)`. */
  write(target: Buffer, at: number): void {
    if (this.#wallMs === -1) this.tick()
    const next = this.#next
    const counter = this.#counter
    next[14] = alphabet[this.#nibble | (counter >>> 30)] ?? 0
    next[15] = alphabet[(counter >>> 24) & 63] ?? 0
    next[16] = alphabet[(counter >>> 18) & 63] ?? 0
    next[17] = alphabet[(counter >>> 12) & 63] ?? 0
    next[18] = alphabet[(counter >>> 6) & 63] ?? 0
    next[19] = alphabet[counter & 63] ?? 0
    target.set(next, at)
    if (counter === 0xffff_ffff) this.#draw(0)
    else this.#counter = counter + 1
  }

  #draw(firstCount: number): void {
    this.#counter = firstCount
    for (let at = 8; at < 14; at++) this.#next[at] = alphabet[Math.floor(this.#random() * 64)] ?? 0
    this.#nibble = Math.floor(this.#random() * 16) << 2
  }
}
