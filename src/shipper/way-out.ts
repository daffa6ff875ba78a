import type { Bulk } from '../core/exchange.ts'
import type { SelfLog } from '../core/self-log-event.ts'
import type { ResolvedOptions } from '../options/index.ts'
import { clock } from '../runtime.ts'
import { Names } from './names.ts'

/** A request that is unanswered for long gives its place to another, on a fresh connection. */
const socketsPerRequest = 3

/** The way to the server: names, client and connections. Loaded when the transport starts, while lines wait already. */
export class WayOut {
  readonly #options: ResolvedOptions
  readonly #names: Names
  #bulk: Bulk | undefined
  #closed = false

  constructor(options: ResolvedOptions, selfLog: SelfLog) {
    this.#options = options
    this.#names = new Names(selfLog, (host, addresses) => {
      this.#bulk?.keepTo?.(host, addresses)
    })
  }

  /** Undefined when it was closed meanwhile. Rejects where a module cannot be loaded. */
  async open(): Promise<Bulk | undefined> {
    // The name is being resolved while the client, which takes 200 ms, is loaded.
    const lookup = await this.#names.open(this.#options)
    const { createBulk } = await import('../bulk/index.ts')
    if (this.#closed) return undefined
    const maxSockets = socketsPerRequest * this.#options.concurrency
    this.#bulk = createBulk({ ...this.#options, maxSockets, ...(lookup && { lookup }) }, clock)
    return this.#bulk
  }

  /** A self-log for the courier: its failures carry what the questions for the host got. */
  explain(selfLog: SelfLog): SelfLog {
    return {
      emit: (event) => {
        selfLog.emit(this.#names.withQuestions(event))
      },
      isOpen: (code, index) => selfLog.isOpen(code, index),
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#names.close()
    await this.#bulk?.close()
  }
}
