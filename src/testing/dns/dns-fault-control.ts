import type { DnsFault } from './dns-fault.ts'

/** A fault that was added. */
export interface DnsFaultHandle {
  /** From 1, in the order of adding. */
  readonly id: number
  readonly fault: DnsFault
  /** How many times it has applied so far. */
  readonly applied: number
  /** Switches it off for good. */
  off(): void
}

/**
 * The faults of a name server, changeable while it runs. A query meets first those that swallow it (`race`, `loss`,
 * `drop`, `silence`), then those that make its answer; of each group the earliest in the list that applies wins.
 */
export interface DnsFaultControl {
  /** Adds a fault at the end of the list. Throws TypeError for one that makes no sense. */
  add(fault: DnsFault): DnsFaultHandle
  /** Switches all off. */
  clear(): void
  /** Those that are not switched off. */
  readonly list: readonly DnsFaultHandle[]
}
