import type { DocumentSink, DocumentView } from '../core/document.ts'

const nothing = Buffer.alloc(0)

/** Hands documents to the sink, all of them in one reused view. */
export class DocumentOutlet {
  readonly #sink: DocumentSink
  readonly #view: DocumentView

  constructor(sink: DocumentSink) {
    this.#sink = sink
    this.#view = {
      index: '',
      prefix: nothing,
      prefixEnd: 0,
      tail: nothing,
      tailStart: 0,
      tailEnd: 0,
    }
  }

  /** The document is `prefix[0, prefixEnd)` and `tail[tailStart, tailEnd)`. */
  emit(
    index: string,
    prefix: Buffer,
    prefixEnd: number,
    tail: Buffer,
    tailStart: number,
    tailEnd: number,
  ): void {
    const view = this.#view
    view.index = index
    view.prefix = prefix
    view.prefixEnd = prefixEnd
    view.tail = tail
    view.tailStart = tailStart
    view.tailEnd = tailEnd
    this.#sink.add(view)
  }

  /** Lets go of the last line's buffer. */
  release(): void {
    this.#view.tail = nothing
    this.#view.tailStart = 0
    this.#view.tailEnd = 0
  }
}
