import type { Batch } from '../core/batch.ts'
import type { Ask, Bulk, Exchange } from '../core/exchange.ts'
import type { Clock, Timer } from '../core/platform.ts'
import type { BulkOptions } from './bulk-options.ts'
import { ExchangeLife } from './exchange-life.ts'
import { ExchangeRun } from './exchange-run.ts'
import { NodeClient } from './node-client.ts'
import { NodeRing } from './node-ring.ts'
import type { Redact } from './redact.ts'
import { createRedact } from './redact.ts'
import { TryError } from './try-error.ts'

/** Sockets are destroyed at once; this is for the system to say so. */
const maxCloseMs = 100

/**
 * The way to the nodes of `options`, over the Elastic client. Opens no connection before the first exchange.
 * Throws where options contradict each other: no node, credentials in a URL, a fingerprint without https.
 */
export function createBulk(options: BulkOptions, clock: Clock): Bulk {
  return new ElasticBulk(options, clock)
}

class ElasticBulk implements Bulk {
  readonly #options: BulkOptions
  readonly #clock: Clock
  readonly #nodes: readonly NodeClient[]
  readonly #ring: NodeRing
  readonly #redact: Redact
  readonly #living = new Set<ExchangeLife>()
  #closing: Promise<void> | undefined

  constructor(options: BulkOptions, clock: Clock) {
    if (options.nodes.length === 0) throw new TypeError('nodes must name at least one node')
    this.#options = options
    this.#clock = clock
    this.#nodes = options.nodes.map((node) => new NodeClient(node, options, clock))
    this.#ring = new NodeRing(options.nodes.length, clock)
    this.#redact = createRedact(options)
  }

  async exchange(batch: Batch, ask: Ask, signal: AbortSignal): Promise<Exchange> {
    const { timeouts } = this.#options
    const life = new ExchangeLife(signal, timeouts.totalMs, this.#clock)
    this.#living.add(life)
    if (this.#closing !== undefined) life.cancel(closed())
    const run = new ExchangeRun(
      {
        nodes: this.#nodes,
        ring: this.#ring,
        clock: this.#clock,
        redact: this.#redact,
        responseMs: ask.probe ? timeouts.probeMs : timeouts.responseMs,
      },
      batch,
      ask,
      life.signal,
    )
    try {
      return await run.run()
    } finally {
      life.end()
      this.#living.delete(life)
    }
  }

  keepTo(host: string, addresses: readonly string[]): void {
    for (const node of this.#nodes) if (node.hostname === host) node.keepTo(addresses)
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    for (const life of this.#living) life.cancel(closed())
    let timer: Timer | undefined
    const late = new Promise<void>((resolve) => {
      timer = this.#clock.setTimeout(resolve, maxCloseMs)
    })
    const all = Promise.all(this.#nodes.map((node) => node.close()))
    await Promise.race([all, late])
    this.#clock.clearTimeout(timer)
  }
}

function closed(): TryError {
  return new TryError('aborted', 'the connections were closed')
}
