import type { Fault } from './fault.ts'

/** A fault that was added. */
export interface FaultHandle {
  /** From 1, in the order of adding. */
  readonly id: number
  readonly fault: Fault
  /** How many times it has applied so far. */
  readonly applied: number
  /** Switches it off for good. */
  off(): void
}

/** The faults of a server, changeable while it runs. Of those that exclude each other the earliest in the list wins. */
export interface FaultControl {
  /** Adds a fault at the end of the list. Throws TypeError for one that makes no sense. */
  add(fault: Fault): FaultHandle
  /** Switches all off. */
  clear(): void
  /** Those that are not switched off. */
  readonly list: readonly FaultHandle[]
}
