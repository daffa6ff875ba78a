import { bestProbe, leastBytes } from './best-probe.ts'
import type { OpenBatch } from './open-batch.ts'
import type { SlabBatch } from './slab-batch.ts'

/**
 * The waiting documents of one index: those being gathered, full batches, and batches that go again later.
 *
 * ```
 *  add → open ──full──→ sealed ─┐
 *                               ├─→ lease
 *        later (back-off) ──────┘
 * ```
 */
export class Lane {
  readonly index: string
  readonly open: OpenBatch
  readonly sealed: SlabBatch[] = []
  readonly later: SlabBatch[] = []
  /** While held: when the next probe may go, monotonic ms; infinite while one is under way. */
  heldUntil: number | undefined

  constructor(index: string, open: OpenBatch) {
    this.index = index
    this.open = open
  }

  get empty(): boolean {
    return this.open.count === 0 && this.sealed.length === 0 && this.later.length === 0
  }

  /** Ends the open batch, so that what comes next is not in it. */
  seal(): void {
    if (this.open.count > 0) this.sealed.push(this.open.seal())
  }

  /** What waits out a delay may go at `at` at the latest. */
  bringForward(at: number): void {
    for (const [i, batch] of this.later.entries()) {
      if (batch.readyAt > at) this.later[i] = batch.again(batch.history, at)
    }
  }

  /** Documents waiting here. */
  count(): number {
    let count = this.open.count
    for (const batch of this.sealed) count += batch.count
    for (const batch of this.later) count += batch.count
    return count
  }

  batches(): readonly SlabBatch[] {
    return [...this.later, ...this.sealed]
  }

  /** Takes a waiting batch out. */
  take(batch: SlabBatch): void {
    for (const list of [this.sealed, this.later]) {
      const at = list.indexOf(batch)
      if (at >= 0) list.splice(at, 1)
    }
  }

  /**
   * The batch that may go by itself at `now`: what failed earlier first, then the oldest. Of several that
   * failed the smallest, so that a search for the one bad line goes deep before it goes wide.
   */
  ready(now: number, openDueAt: number): SlabBatch | undefined {
    if (this.heldUntil !== undefined) return this.#probe(now)
    const due = leastBytes(this.later.filter((batch) => batch.readyAt <= now))
    if (due !== undefined) return due
    if (this.sealed.length === 0 && openDueAt <= now) this.seal()
    return this.sealed[0]
  }

  /** When something here becomes ready by itself; 0 for at once, undefined for never. */
  nextReadyAt(openDueAt: number): number | undefined {
    if (this.empty || this.heldUntil === Number.POSITIVE_INFINITY) return undefined
    if (this.heldUntil !== undefined) return this.heldUntil
    if (this.sealed.length > 0) return 0
    let next = this.open.count > 0 ? openDueAt : Number.POSITIVE_INFINITY
    for (const batch of this.later) next = Math.min(next, batch.readyAt)
    return next
  }

  /** The batch with the oldest line that never left the machine. */
  oldestUnsent(): SlabBatch | undefined {
    if (this.sealed.length === 0) this.seal()
    let oldest: SlabBatch | undefined
    for (const batch of this.batches()) {
      if (batch.history.sent) continue
      if (oldest === undefined || batch.sequence < oldest.sequence) oldest = batch
    }
    return oldest
  }

  /** One batch at a time while held; its answer releases the lane or sets the next time. */
  #probe(now: number): SlabBatch | undefined {
    if (this.heldUntil === undefined || this.heldUntil > now) return undefined
    this.seal()
    const batch = bestProbe(this.batches(), undefined)
    if (batch !== undefined) this.heldUntil = Number.POSITIVE_INFINITY
    return batch
  }
}
