/**
 * What the pipeline may know of the machine it runs on. Everything that decides is handed these, so that a
 * simulator can run it under virtual time; `runtime.ts` makes the real ones.
 */

/** A pending timer. Opaque: only good for `clearTimeout`. */
export type Timer = object

export interface Clock {
  /** Monotonic milliseconds. Only differences mean anything. */
  now(): number
  /** Wall-clock milliseconds since 1970, UTC. May jump. */
  wallNow(): number
  /** Calls `run` once, `delayMs` (0 or more, below 2^31) from now. Never keeps the process alive. */
  setTimeout(run: () => void, delayMs: number): Timer
  clearTimeout(timer: Timer | undefined): void
}

/** Uniform in [0, 1). */
export type Random = () => number

/** The few file operations that the pipeline needs. Each throws Node's errno errors, as `node:fs` does. */
export interface Disk {
  /** Opens for appending, creating the file with mode 0600; gives the descriptor. */
  openAppend(path: string): number
  /** Writes once; gives the number of bytes taken, which may be short. `fd` 2 is standard error. */
  write(fd: number, bytes: Uint8Array): number
  /** Size in bytes of an open file. */
  size(fd: number): number
  close(fd: number): void
  rename(from: string, to: string): void
  /** Blocks the thread. For the last words of a dying process only. */
  pause(ms: number): void
}
