import type { OptionFault } from './option-fault.ts'

/** What a check found. A group has both: the values that are right, and the faults of the others. */
export interface Checked<T> {
  /** Undefined where nothing of it could be used. */
  readonly value: T | undefined
  /** Empty when all is well. */
  readonly faults: readonly OptionFault[]
}

/** Judges one value. `path` is how the user would name it. Never throws. */
export type Check<T> = (value: unknown, path: string) => Checked<T>

export function right<T>(value: T): Checked<T> {
  return { value, faults: [] }
}

export function wrong(path: string, expected: string, got: string): Checked<never> {
  return { value: undefined, faults: [{ path, expected, got }] }
}
