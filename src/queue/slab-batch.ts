import type { Batch, History } from '../core/batch.ts'
import type { Again } from '../core/queue-face.ts'
import { idLength } from './id-source.ts'

const newline = Buffer.from('\n')

/** Where things stand in the action line of an index: the same in each of its documents. */
export interface ActionLayout {
  /** Bytes of the action line, its newline included. */
  readonly bytes: number
  /** Offset of the `_id`'s first character. */
  readonly idAt: number
}

/** A batch on one piece of memory. Documents leave it at the front only (the oldest, when memory is full). */
export class SlabBatch implements Batch {
  readonly index: string
  readonly sequence: number
  readonly history: History
  readonly layout: ActionLayout
  /** Monotonic time from which it may go, in ms. */
  readonly readyAt: number
  readonly #slab: Buffer
  /** `#ends[i]` is where document `i` ends in the slab. */
  readonly #ends: readonly number[]
  #first: number

  constructor(parts: {
    index: string
    sequence: number
    history: History
    layout: ActionLayout
    readyAt: number
    slab: Buffer
    ends: readonly number[]
    first?: number
  }) {
    this.index = parts.index
    this.sequence = parts.sequence
    this.history = parts.history
    this.layout = parts.layout
    this.readyAt = parts.readyAt
    this.#slab = parts.slab
    this.#ends = parts.ends
    this.#first = parts.first ?? 0
  }

  get count(): number {
    return this.#ends.length - this.#first
  }

  get body(): Buffer {
    return this.#slab.subarray(this.#start(0), this.#ends.at(-1) ?? 0)
  }

  get bytes(): number {
    return (this.#ends.at(-1) ?? 0) - this.#start(0)
  }

  id(i: number): string {
    const at = this.#start(i) + this.layout.idAt
    return this.#slab.toString('latin1', at, at + idLength)
  }

  line(i: number): Buffer {
    return this.#slab.subarray(this.#start(i) + this.layout.bytes, this.#start(i + 1) - 1)
  }

  bytesOf(i: number): number {
    return this.#start(i + 1) - this.#start(i)
  }

  /** Both lines of document `i`, newlines included. */
  document(i: number): Buffer {
    return this.#slab.subarray(this.#start(i), this.#start(i + 1))
  }

  /** Forgets the oldest document. */
  dropFirst(): void {
    this.#first++
  }

  /** All the same documents, with another past. Shares the memory. */
  again(history: History, readyAt: number): SlabBatch {
    return new SlabBatch({
      index: this.index,
      sequence: this.sequence,
      history,
      layout: this.layout,
      readyAt,
      slab: this.#slab,
      ends: this.#ends,
      first: this.#first,
    })
  }

  #start(i: number): number {
    const at = this.#first + i
    return at === 0 ? 0 : (this.#ends[at - 1] ?? 0)
  }
}

/**
 * A batch of its own from whole documents (action line and line, newlines included), copied: so that the
 * few that go again do not keep the memory of the many that are settled.
 */
export function copyDocuments(
  documents: readonly Uint8Array[],
  like: Pick<SlabBatch, 'index' | 'layout' | 'sequence'>,
  history: History,
  readyAt: number,
): SlabBatch {
  const ends: number[] = []
  let end = 0
  for (const document of documents) {
    end += document.length
    ends.push(end)
  }
  return new SlabBatch({
    index: like.index,
    sequence: like.sequence,
    history,
    layout: like.layout,
    readyAt,
    slab: Buffer.concat(documents, end),
    ends,
  })
}

/** The documents of a leased batch that go again together, with their mended line where there is one. */
export function partOf(leased: SlabBatch, part: Again): SlabBatch {
  if (part.documents === 'all') return leased.again(part.history, part.readyAt)
  const { line } = part
  const documents = part.documents.map((i) =>
    line === undefined
      ? leased.document(i)
      : Buffer.concat([leased.document(i).subarray(0, leased.layout.bytes), line, newline]),
  )
  return copyDocuments(documents, leased, part.history, part.readyAt)
}
