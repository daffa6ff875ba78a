import type { DropReason } from '../core/ledger.ts'

/** Lines that were dropped for one reason since the last look. */
export interface Drops {
  readonly reason: DropReason
  readonly items: number
  readonly bytes: number
  readonly ambiguous: number
  readonly levels: Readonly<Record<string, number>>
}

/** Adds up drops, so that an overflow under load is one event a chunk and not one a line. */
export class DropTally {
  readonly #open = new Map<
    DropReason,
    { items: number; bytes: number; ambiguous: number; levels: Record<string, number> }
  >()

  add(reason: DropReason, bytes: number, level: string, ambiguous: boolean): void {
    const sums = this.#open.get(reason) ?? { items: 0, bytes: 0, ambiguous: 0, levels: {} }
    sums.items++
    sums.bytes += bytes
    if (ambiguous) sums.ambiguous++
    sums.levels[level] = (sums.levels[level] ?? 0) + 1
    this.#open.set(reason, sums)
  }

  /** What was dropped since the last call, a record a reason. */
  take(): readonly Drops[] {
    if (this.#open.size === 0) return []
    const drops = [...this.#open].map(([reason, sums]) => ({ reason, ...sums }))
    this.#open.clear()
    return drops
  }
}
