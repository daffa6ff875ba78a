import { freshHistory } from '../core/batch.ts'
import type { DocumentView } from '../core/document.ts'
import type { IdSource } from './id-source.ts'
import type { ActionLayout } from './slab-batch.ts'
import { SlabBatch } from './slab-batch.ts'

const newline = 0x0a
const smallestSlab = 16 * 1024

/** The action line of an index, ready but for the `_id`, which is to be written at `idAt`. */
export interface ActionTemplate extends ActionLayout {
  readonly line: Buffer
}

/** Makes the action line for an index; the pipeline travels in it, so that an unknown one is an item's error. */
export function actionTemplate(index: string, pipeline: string | undefined): ActionTemplate {
  const placeholder = '-'.repeat(20)
  const action = {
    _index: index,
    ...(pipeline === undefined ? {} : { pipeline }),
    _id: placeholder,
  }
  const line = Buffer.from(`${JSON.stringify({ create: action })}\n`)
  return { line, bytes: line.length, idAt: line.lastIndexOf(placeholder) }
}

/** The batch that an index's documents are being written into. */
export class OpenBatch {
  readonly #index: string
  readonly #action: ActionTemplate
  readonly #ids: IdSource
  #slab: Buffer
  #ends: number[] = []
  #end = 0
  #sequence = 0
  #firstAt = 0
  /** Size of the last batch: the next one will be about as large. */
  #expected = smallestSlab

  constructor(index: string, action: ActionTemplate, ids: IdSource) {
    this.#index = index
    this.#action = action
    this.#ids = ids
    this.#slab = Buffer.alloc(0)
  }

  get count(): number {
    return this.#ends.length
  }

  get bytes(): number {
    return this.#end
  }

  /** When its first document came, monotonic ms; only while it has documents. */
  get firstAt(): number {
    return this.#firstAt
  }

  /** Acceptance number of its first document; only while it has documents. */
  get sequence(): number {
    return this.#sequence
  }

  /** Bytes that this document takes in the body. */
  sizeOf(document: DocumentView): number {
    return this.#action.bytes + document.prefixEnd + document.tailEnd - document.tailStart + 1
  }

  add(document: DocumentView, size: number, sequence: number, now: number): void {
    if (this.#ends.length === 0) {
      this.#sequence = sequence
      this.#firstAt = now
    }
    if (this.#end + size > this.#slab.length) this.#grow(size)
    const slab = this.#slab
    let at = this.#end
    slab.set(this.#action.line, at)
    this.#ids.write(slab, at + this.#action.idAt)
    at += this.#action.bytes
    at += document.prefix.copy(slab, at, 0, document.prefixEnd)
    at += document.tail.copy(slab, at, document.tailStart, document.tailEnd)
    slab[at] = newline
    this.#end = at + 1
    this.#ends.push(this.#end)
  }

  /** The documents so far as a batch; the open batch starts anew. Only while it has documents. */
  seal(): SlabBatch {
    const batch = new SlabBatch({
      index: this.#index,
      sequence: this.#sequence,
      history: freshHistory,
      layout: this.#action,
      readyAt: 0,
      slab: this.#slab,
      ends: this.#ends,
    })
    this.#expected = Math.max(smallestSlab, this.#end)
    this.#slab = Buffer.alloc(0)
    this.#ends = []
    this.#end = 0
    return batch
  }

  #grow(size: number): void {
    const wanted = Math.max(this.#end + size, this.#slab.length * 2, this.#expected)
    const slab = Buffer.allocUnsafeSlow(wanted)
    this.#slab.copy(slab, 0, 0, this.#end)
    this.#slab = slab
  }
}
