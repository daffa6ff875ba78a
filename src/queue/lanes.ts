import type { LeaseWish } from '../core/queue-face.ts'
import { bestProbe } from './best-probe.ts'
import type { Lane } from './lane.ts'
import type { SlabBatch } from './slab-batch.ts'

/** All lanes, and the choice among them. */
export class Lanes {
  readonly #flushIntervalMs: number
  readonly #create: (index: string) => Lane
  readonly #lanes = new Map<string, Lane>()
  /** The lane of the last line: most lines go where the one before went. */
  #latest: Lane | undefined
  #turn = 0
  #lastLeaseAt = Number.NEGATIVE_INFINITY

  constructor(flushIntervalMs: number, create: (index: string) => Lane) {
    this.#flushIntervalMs = flushIntervalMs
    this.#create = create
  }

  of(index: string): Lane {
    if (this.#latest?.index === index) return this.#latest
    let lane = this.#lanes.get(index)
    if (lane === undefined) {
      for (const other of this.#lanes.keys()) this.tidy(other)
      lane = this.#create(index)
      this.#lanes.set(index, lane)
    }
    this.#latest = lane
    return lane
  }

  isHeld(index: string): boolean {
    return this.#lanes.get(index)?.heldUntil !== undefined
  }

  all(): readonly Lane[] {
    return [...this.#lanes.values()]
  }

  *batches(): Generator<SlabBatch> {
    for (const lane of this.#lanes.values()) yield* lane.batches()
  }

  /** Forgets a lane that nothing waits in: yesterday's, where the index has a date. */
  tidy(index: string): void {
    const lane = this.#lanes.get(index)
    if (lane?.empty && lane !== this.#latest && lane.heldUntil === undefined) {
      this.#lanes.delete(index)
    }
  }

  /** Takes out the batch to send next. */
  take(wish: LeaseWish, now: number): SlabBatch | undefined {
    const batch = wish.smallest ? this.#smallest(wish.butNot, now) : this.#next(now, wish.idle)
    if (batch === undefined) return undefined
    this.#lanes.get(batch.index)?.take(batch)
    this.#lastLeaseAt = now
    return batch
  }

  /** When the next batch becomes ready by the passing of time. */
  nextReadyAt(idle: boolean): number | undefined {
    let next: number | undefined
    for (const lane of this.#lanes.values()) {
      const at = lane.nextReadyAt(this.#openDueAt(lane, idle))
      if (at !== undefined && (next === undefined || at < next)) next = at
    }
    return next
  }

  /** The batch with the oldest line that never left the machine; a held lane pays first. */
  oldestUnsent(): SlabBatch | undefined {
    const lanes = this.all()
    for (const some of [lanes.filter((lane) => lane.heldUntil !== undefined), lanes]) {
      const oldest = some
        .map((lane) => lane.oldestUnsent())
        .filter((batch) => batch !== undefined)
        .sort((a, b) => a.sequence - b.sequence)[0]
      if (oldest !== undefined) return oldest
    }
    return undefined
  }

  #next(now: number, idle: boolean): SlabBatch | undefined {
    const lanes = this.all()
    // Lanes take turns: a busy index does not starve another.
    for (let i = 0; i < lanes.length; i++) {
      const lane = lanes[(this.#turn + i) % lanes.length]
      const batch = lane?.ready(now, this.#openDueAt(lane, idle))
      if (batch === undefined) continue
      this.#turn = (this.#turn + i + 1) % lanes.length
      return batch
    }
    return undefined
  }

  /** Of a held lane only where nothing else waits, and when its own probe is due: one answer serves both. */
  #smallest(butNot: string | undefined, now: number): SlabBatch | undefined {
    const free = this.all().filter((lane) => lane.heldUntil === undefined)
    for (const lane of free) lane.seal()
    const batches = free.flatMap((lane) => lane.batches())
    return bestProbe(batches, butNot) ?? this.#next(now, false)
  }

  /** A lone line of an idle transport goes at once; under load it waits for company. */
  #openDueAt(lane: Lane, idle: boolean): number {
    const ofAge = lane.open.firstAt + this.#flushIntervalMs
    return idle ? Math.min(ofAge, this.#lastLeaseAt + this.#flushIntervalMs) : ofAge
  }
}
