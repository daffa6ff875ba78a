import type { Failure } from '../core/failure.ts'

/** What happens next to one document. */
export type Verdict =
  | { readonly to: 'settled'; readonly fate: 'stored' | 'duplicate'; readonly failureStored?: true }
  /** The same bytes again, later. */
  | { readonly to: 'again'; readonly because: Failure }
  /** Once more, mended as JSON. */
  | { readonly to: 'repair'; readonly because: Failure }
  /** Again in a smaller part: the whole batch was refused, and perhaps one line is to blame. Alone: when others have passed. */
  | { readonly to: 'trial'; readonly because: Failure }
  /** Kept back with the other documents of its index. */
  | { readonly to: 'hold'; readonly because: Failure }
  | { readonly to: 'deadLetter'; readonly because: Failure }

/**
 * What an exchange says about the server:
 * `well` it answers, `ill` it is broken, `access` it does not let us in, `target` it is the wrong place.
 */
export type Health = 'well' | 'ill' | 'access' | 'target'

export interface Decision {
  /** One a document, in the batch's order. */
  readonly verdicts: readonly Verdict[]
  readonly health: Health
  /** Why the exchange as a whole failed; undefined when it was answered item by item. */
  readonly failure: Failure | undefined
  /** Documents that go again may have been stored. */
  readonly ambiguous: boolean
  /** The server asks for less. */
  readonly congested: boolean
}

/** What the courier remembers and `decide` may know. */
export interface Memory {
  /** Monotonic ms. */
  readonly now: number
  /** Documents that have passed so far, of any batch. */
  readonly passed: number
  /** Different documents that were refused while alone, since one last passed. */
  readonly refusedAlone: number
  /** When a document of this index was last stored, monotonic ms. */
  readonly lastStoredAt: (index: string) => number | undefined
}

export const stored: Verdict = { to: 'settled', fate: 'stored' }
export const duplicate: Verdict = { to: 'settled', fate: 'duplicate' }
