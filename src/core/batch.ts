/**
 * What the documents of a batch have been through. They share it: a batch whose documents part company
 * becomes several batches.
 */
export interface History {
  /** Exchanges after which these documents had to go again. */
  readonly tries: number
  /** Bytes of these documents have left the machine at least once. */
  readonly sent: boolean
  /** Sent at least once without an answer that tells: the server may have stored them. */
  readonly ambiguous: boolean
  /** Already repaired once; refused again, they are dead letters. */
  readonly repaired: boolean
  /** Part of a batch that was refused as a whole: it keeps apart from others until it is answered by itself. */
  readonly trial: boolean
  /**
   * For a document that was refused while it travelled alone: how many documents had passed by then.
   * It is given up once others have passed since; undefined for all else.
   */
  readonly trialMark: number | undefined
  /** Monotonic time of the first failure, in ms; undefined before it. */
  readonly failedAt: number | undefined
}

export const freshHistory: History = {
  tries: 0,
  sent: false,
  ambiguous: false,
  repaired: false,
  trial: false,
  trialMark: undefined,
  failedAt: undefined,
}

/**
 * Documents of one index that travel in one `_bulk` request.
 *
 * ```
 *  body  {"create":{"_index":"logs-…","_id":"0123…"}}\n {"@timestamp":…}\n {"create":…}\n {…}\n
 *        └──────────── action line ─────────────────┘  └─── line ─────┘
 *        └──────────────────── document 0 ────────────────────────────┘ └─── document 1 ───┘
 * ```
 */
export interface Batch {
  /** The data stream or index. */
  readonly index: string
  /** The whole body, ready to send; it ends in a newline. Do not write to it, do not keep it. */
  readonly body: Buffer
  /** Number of documents, at least 1. */
  readonly count: number
  /** Acceptance number of the oldest document: for barriers. */
  readonly sequence: number
  readonly history: History
  /** The `_id` of document `i`, 0 ≤ i < count. */
  id(i: number): string
  /** The line of document `i` as it is sent, without its newline. A view on `body`. */
  line(i: number): Buffer
  /** Bytes in `body` of document `i`, its action line included. */
  bytesOf(i: number): number
}
