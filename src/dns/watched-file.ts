import { readFileSync, statSync } from 'node:fs'
import type { Clock } from '../core/platform.ts'

/** The two things that are done with a configuration file. Both throw where there is no such regular file. */
export interface ConfigFiles {
  /** Differs whenever the file differs, by a rename in its place too. */
  signature(path: string): string
  read(path: string): string
}

/** Whole block lists are kept in hosts files; more than this is a mistake. */
const mostBytes = 64 * 2 ** 20
const lookEveryMs = 2_000

/** The real files. */
export const configFiles: ConfigFiles = {
  signature: (path) => {
    const file = statSync(path)
    if (!file.isFile() || file.size > mostBytes) throw new Error(`${path}: not a file of use`)
    return [file.dev, file.ino, file.size, file.mtimeMs, file.ctimeMs].join(' ')
  },
  read: (path) => readFileSync(path, 'utf8'),
}

/**
 * A configuration file, parsed, and again when it has changed. It is looked at when somebody asks, and at most every 2 s. While
 * it is missing or unreadable, what was last read holds; at first that is an empty file.
 */
export class WatchedFile<T> {
  readonly #path: string
  readonly #parse: (text: string) => T
  readonly #files: ConfigFiles
  readonly #clock: Clock
  #value: T
  #signature: string | undefined
  #nextLookMs = -Infinity
  #version = 0

  /** `parse` takes any text and never throws. */
  constructor(path: string, parse: (text: string) => T, files: ConfigFiles, clock: Clock) {
    this.#path = path
    this.#parse = parse
    this.#files = files
    this.#clock = clock
    this.#value = parse('')
  }

  /** What the file says now. */
  get value(): T {
    this.#look()
    return this.#value
  }

  /** Grows with each change. */
  get version(): number {
    this.#look()
    return this.#version
  }

  #look(): void {
    const nowMs = this.#clock.now()
    if (nowMs < this.#nextLookMs) return
    this.#nextLookMs = nowMs + lookEveryMs
    try {
      const signature = this.#files.signature(this.#path)
      if (signature === this.#signature) return
      this.#value = this.#parse(this.#files.read(this.#path))
      this.#signature = signature
      this.#version++
    } catch {
      // Being replaced at this moment, or not there at all.
    }
  }
}
