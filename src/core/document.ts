/**
 * One document on its way from framing into a batch: `prefix[0, prefixEnd)` followed by
 * `tail[tailStart, tailEnd)`, together one JSON object without a newline.
 *
 * The object and its buffers are reused for every line. Copy what you keep.
 */
export interface DocumentView {
  /** The data stream or index, `%{DATE}` already filled in. */
  index: string
  prefix: Buffer
  prefixEnd: number
  tail: Buffer
  tailStart: number
  tailEnd: number
}

/** Where framed documents go. It takes each promptly, and answers for its fate from then on. */
export interface DocumentSink {
  add(document: DocumentView): void
  /** A line that is longer than allowed. `head` holds its first bytes, `length` all of them. */
  addTooLong(head: Buffer, length: number): void
}
