import type { Batch, History } from './batch.ts'

/** Documents of a leased batch that must go again. */
export interface Again {
  /** Numbers of documents in the leased batch, ascending; or all of them. */
  readonly documents: 'all' | readonly number[]
  readonly history: History
  /** Monotonic time from which they may go, in ms. */
  readonly readyAt: number
  /** A mended line that replaces the line of the one document. */
  readonly line?: Buffer
}

export interface LeaseWish {
  /** The smallest batch there is, whether or not it has waited out its delay: for probes. */
  readonly smallest: boolean
  /** Nothing is in flight: a lone line need not wait for company. */
  readonly idle: boolean
  /** Rather not the batch that begins with the document of this `_id`. */
  readonly butNot?: string
}

/** What the courier knows of the queue. */
export interface Queue {
  /**
   * The next batch that may go. It stays the queue's, counted and bounded, until it is given back.
   */
  lease(wish: LeaseWish): Batch | undefined
  /** Ends a lease. The documents that are in no part of `again` have their fate. */
  giveBack(batch: Batch, again: readonly Again[]): void
  /** Keeps the documents of an index back, but for one probe at `probeAt` (monotonic ms). */
  holdIndex(index: string, probeAt: number): void
  releaseIndex(index: string): void
  isHeld(index: string): boolean
  /** What waits out a delay may go at `at` (monotonic ms) at the latest. */
  bringForward(at: number): void
  /** When the next batch becomes ready by the passing of time; undefined when none will. */
  nextReadyAt(idle: boolean): number | undefined
  /** Documents without a fate, leased ones included. Counted anew at each call. */
  pending(): number
  /** Of those, the ones that have failed at least once; documents of a held index are not counted. */
  troubled(): number
}
