import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs'
import type { Clock, Disk, Random, Timer } from './core/platform.ts'

/** The real clock. Its timers never keep the process alive. */
export const clock: Clock = {
  now: () => performance.now(),
  wallNow: () => Date.now(),
  setTimeout: (run, delayMs): Timer => setTimeout(run, delayMs).unref(),
  clearTimeout: (timer) => {
    clearTimeout(timer as NodeJS.Timeout | undefined)
  },
}

/** Good enough for jitter and for telling two processes apart. */
export const random: Random = Math.random

const asleep = new Int32Array(new SharedArrayBuffer(4))

/** The real disk. */
export const disk: Disk = {
  openAppend: (path) => openSync(path, 'a', 0o600),
  write: (fd, bytes) => writeSync(fd, bytes),
  size: (fd) => fstatSync(fd).size,
  close: (fd) => {
    closeSync(fd)
  },
  rename: (from, to) => {
    renameSync(from, to)
  },
  pause: (ms) => {
    Atomics.wait(asleep, 0, 0, ms)
  },
}

/** Keeps the process alive until the function that it gives is called. */
export function holdProcess(): () => void {
  const timer = setInterval(() => {}, 60_000)
  return () => {
    clearInterval(timer)
  }
}

const lastWords = new Set<() => void>()
const lastErrands = new Set<() => void>()

const onExit = (): void => {
  for (const run of lastWords) run()
}
const onBeforeExit = (): void => {
  for (const run of lastErrands) run()
}

/** Calls `run` when the process (or worker) exits; it must be synchronous. One listener for all. Gives the way out. */
export function atExit(run: () => void): () => void {
  return enlist(lastWords, 'exit', onExit, run)
}

/** Calls `run` when nothing is left to do; what it starts keeps the process alive. Gives the way out. */
export function beforeExit(run: () => void): () => void {
  return enlist(lastErrands, 'beforeExit', onBeforeExit, run)
}

function enlist(
  list: Set<() => void>,
  event: 'exit' | 'beforeExit',
  listener: () => void,
  run: () => void,
): () => void {
  if (list.size === 0) process.on(event, listener)
  list.add(run)
  return () => {
    list.delete(run)
    if (list.size === 0) process.removeListener(event, listener)
  }
}
