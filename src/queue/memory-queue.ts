import type { Batch } from '../core/batch.ts'
import type { DocumentSink, DocumentView } from '../core/document.ts'
import type { DropReason, LedgerBook } from '../core/ledger.ts'
import type { Clock, Random } from '../core/platform.ts'
import type { Again, LeaseWish, Queue } from '../core/queue-face.ts'
import type { Drops } from './drop-tally.ts'
import { DropTally } from './drop-tally.ts'
import { IdSource } from './id-source.ts'
import { Lane } from './lane.ts'
import { Lanes } from './lanes.ts'
import { mergeDue } from './merge-due.ts'
import { actionTemplate, OpenBatch } from './open-batch.ts'
import type { SlabBatch } from './slab-batch.ts'
import { partOf } from './slab-batch.ts'

export interface QueueOptions {
  /** Bytes of all documents without a fate, in flight too. */
  readonly maxBytes: number
  readonly whenFull: 'drop_oldest' | 'drop_newest' | 'backpressure'
  /** A batch is full at this many bytes of body … */
  readonly flushBytes: number
  /** … or at this many documents … */
  readonly flushItems: number
  /** … or at this age of its first line. */
  readonly flushIntervalMs: number
  readonly pipeline: string | undefined
  /** Names the level of a document's line, to count drops by. */
  readonly levelOf: (line: Buffer) => string
}

export interface QueueParts {
  readonly clock: Clock
  readonly random: Random
  readonly ledger: LedgerBook
}

/** Owns every accepted document until it has a fate. */
export class MemoryQueue implements Queue, DocumentSink {
  readonly #options: QueueOptions
  readonly #clock: Clock
  readonly #ledger: LedgerBook
  readonly #ids: IdSource
  readonly #lanes: Lanes
  readonly #leased = new Set<SlabBatch>()
  readonly #drops = new DropTally()
  /** The batch that pays next when memory is full; looked up anew whenever batches have moved. */
  #payer: SlabBatch | undefined
  #bytes = 0
  #sequence = 0
  /** The last number that someone waits for. */
  #barrier = 0
  #closed = false

  constructor(options: QueueOptions, parts: QueueParts) {
    this.#options = options
    this.#clock = parts.clock
    this.#ledger = parts.ledger
    this.#ids = new IdSource(parts.clock, parts.random)
    this.#lanes = new Lanes(options.flushIntervalMs, (index) => {
      const action = actionTemplate(index, options.pipeline)
      return new Lane(index, new OpenBatch(index, action, this.#ids))
    })
  }

  /** Bytes of all documents without a fate. */
  get bytes(): number {
    return this.#bytes
  }

  /** Room for more, where the producer waits for it. */
  get hasRoom(): boolean {
    return this.#bytes < this.#options.maxBytes
  }

  /** From now on every line is dropped as `closed`. */
  close(): void {
    this.#closed = true
  }

  /** To be called once a chunk, before its lines: the ids take their time from it. */
  tick(): void {
    this.#ids.tick()
  }

  add(document: DocumentView): void {
    this.#ledger.accept()
    const lane = this.#lanes.of(document.index)
    const { open } = lane
    const size = open.sizeOf(document)
    const full =
      !this.#closed && this.#bytes + size > this.#options.maxBytes && !this.#makeRoom(size)
    if (this.#closed || full) {
      this.#refuse(document, size, this.#closed ? 'closed' : 'memory_full')
      return
    }
    if (open.count > 0 && open.bytes + size > this.#options.flushBytes) lane.seal()
    open.add(document, size, ++this.#sequence, this.#clock.now())
    this.#bytes += size
    if (open.count >= this.#options.flushItems) lane.seal()
  }

  addTooLong(head: Buffer, length: number): void {
    this.#ledger.accept()
    const reason = this.#closed ? 'closed' : 'line_too_long'
    this.#ledger.book(reason, undefined)
    this.#drops.add(reason, length, this.#options.levelOf(head), false)
  }

  lease(wish: LeaseWish): Batch | undefined {
    this.#payer = undefined
    const now = this.#clock.now()
    const batch = this.#lanes.take(wish, now)
    if (batch === undefined) return undefined
    const lane = this.#lanes.of(batch.index)
    const leased = wish.smallest ? batch : mergeDue(lane, batch, now, this.#options, this.#barrier)
    this.#leased.add(leased)
    return leased
  }

  giveBack(batch: Batch, again: readonly Again[]): void {
    this.#payer = undefined
    const leased = this.#own(batch)
    this.#leased.delete(leased)
    this.#bytes -= leased.bytes
    for (const part of again) {
      const back = partOf(leased, part)
      this.#bytes += back.bytes
      this.#lanes.of(batch.index).later.push(back)
    }
    this.#lanes.tidy(batch.index)
    // A mended line may have grown.
    if (this.#options.whenFull === 'drop_oldest') this.#dropDownTo(this.#options.maxBytes)
  }

  holdIndex(index: string, probeAt: number): void {
    this.#payer = undefined
    this.#lanes.of(index).heldUntil = probeAt
  }

  releaseIndex(index: string): void {
    this.#payer = undefined
    this.#lanes.of(index).heldUntil = undefined
    this.#lanes.tidy(index)
  }

  isHeld(index: string): boolean {
    return this.#lanes.isHeld(index)
  }

  nextReadyAt(idle: boolean): number | undefined {
    return this.#lanes.nextReadyAt(idle)
  }

  pending(): number {
    let count = 0
    for (const lane of this.#lanes.all()) count += lane.count()
    for (const batch of this.#leased) count += batch.count
    return count
  }

  troubled(): number {
    let count = 0
    for (const batch of this.#batches()) {
      if (batch.history.tries > 0 && !this.isHeld(batch.index)) count += batch.count
    }
    return count
  }

  /** Ends all open batches; gives the number of the last accepted document: a barrier before what comes later. */
  seal(): number {
    for (const lane of this.#lanes.all()) lane.seal()
    this.#barrier = this.#sequence
    return this.#barrier
  }

  /** Documents without a fate that were accepted up to this number. */
  pendingUpTo(sequence: number): number {
    let count = 0
    for (const batch of this.#batches()) if (batch.sequence <= sequence) count += batch.count
    for (const { open } of this.#lanes.all()) {
      if (open.count > 0 && open.sequence <= sequence) count += open.count
    }
    return count
  }

  bringForward(at: number): void {
    this.#payer = undefined
    for (const lane of this.#lanes.all()) lane.bringForward(at)
  }

  /** Ends every back-off, for a last try before the end. */
  hurry(): void {
    const now = this.#clock.now()
    this.bringForward(now)
    for (const lane of this.#lanes.all()) {
      lane.seal()
      if (lane.heldUntil !== undefined && Number.isFinite(lane.heldUntil)) lane.heldUntil = now
    }
  }

  /** Gives up everything that has no fate. What is leased may be on the wire: it is ambiguous. */
  dropAll(reason: DropReason): void {
    this.#payer = undefined
    for (const lane of this.#lanes.all()) {
      lane.seal()
      for (const batch of lane.batches()) {
        this.#dropBatch(batch, reason, batch.history.ambiguous)
      }
      lane.sealed.length = 0
      lane.later.length = 0
    }
    for (const batch of this.#leased) this.#dropBatch(batch, reason, true)
    this.#leased.clear()
    this.#bytes = 0
  }

  /** What was dropped since the last call, to be announced. */
  takeDrops(): readonly Drops[] {
    return this.#drops.take()
  }

  #own(batch: Batch): SlabBatch {
    for (const leased of this.#leased) if (leased === batch) return leased
    throw new Error('this batch is not leased')
  }

  *#batches(): Generator<SlabBatch> {
    yield* this.#lanes.batches()
    yield* this.#leased
  }

  /** Room for one more document, if need be by drops. False: there is none. */
  #makeRoom(size: number): boolean {
    const { whenFull, maxBytes } = this.#options
    if (whenFull !== 'drop_oldest' || size > maxBytes) return whenFull === 'backpressure'
    this.#dropDownTo(maxBytes - size)
    return this.#bytes + size <= maxBytes
  }

  /** Drops the oldest lines that were never sent, while there are any, until `bytes` are left. */
  #dropDownTo(bytes: number): void {
    while (this.#bytes > bytes) {
      this.#payer ??= this.#lanes.oldestUnsent()
      const batch = this.#payer
      if (batch === undefined) return
      this.#dropOne(batch, 0, 'memory_full', batch.history.ambiguous)
      this.#bytes -= batch.bytesOf(0)
      batch.dropFirst()
      if (batch.count > 0) continue
      this.#lanes.of(batch.index).take(batch)
      this.#payer = undefined
    }
  }

  #dropBatch(batch: SlabBatch, reason: DropReason, ambiguous: boolean): void {
    for (let i = 0; i < batch.count; i++) this.#dropOne(batch, i, reason, ambiguous)
  }

  #dropOne(batch: SlabBatch, i: number, reason: DropReason, ambiguous: boolean): void {
    this.#ledger.book(reason, batch.id(i))
    if (ambiguous) this.#ledger.note('droppedAmbiguous')
    this.#drops.add(reason, batch.bytesOf(i), this.#options.levelOf(batch.line(i)), ambiguous)
  }

  #refuse(document: DocumentView, size: number, reason: DropReason): void {
    const { prefix, prefixEnd, tail, tailStart, tailEnd } = document
    const line = Buffer.concat([prefix.subarray(0, prefixEnd), tail.subarray(tailStart, tailEnd)])
    this.#ledger.book(reason, undefined)
    this.#drops.add(reason, size, this.#options.levelOf(line), false)
  }
}
