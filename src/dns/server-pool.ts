import type { ServerAddress } from './server-address.ts'

/** How long a server that did not answer is asked last; twice as long each time that it is found silent again. */
const deadMs = 10_000
const longestDeadMs = 80_000

interface Death {
  readonly untilMs: number
  readonly spanMs: number
}

/** The name servers, and which of them kept silent lately. */
export class ServerPool {
  readonly #servers: readonly ServerAddress[]
  readonly #rotate: boolean
  readonly #deaths = new Map<ServerAddress, Death>()
  #turns = 0

  constructor(servers: readonly ServerAddress[], rotate: boolean) {
    this.#servers = servers
    this.#rotate = rotate
  }

  get size(): number {
    return this.#servers.length
  }

  /** The order in which to ask: as listed, or each first in turn; those that kept silent last. At least one. */
  order(nowMs: number): readonly ServerAddress[] {
    const first = this.#rotate ? this.#turns++ % this.#servers.length : 0
    const list = [...this.#servers.slice(first), ...this.#servers.slice(0, first)]
    const isDead = (server: ServerAddress) =>
      (this.#deaths.get(server)?.untilMs ?? -Infinity) > nowMs
    return [...list.filter((server) => !isDead(server)), ...list.filter(isDead)]
  }

  /** No answer came. */
  markDead(server: ServerAddress, nowMs: number): void {
    const last = this.#deaths.get(server)
    if (last !== undefined && nowMs < last.untilMs) return
    const spanMs = last === undefined ? deadMs : Math.min(longestDeadMs, 2 * last.spanMs)
    this.#deaths.set(server, { untilMs: nowMs + spanMs, spanMs })
  }

  markAlive(server: ServerAddress): void {
    this.#deaths.delete(server)
  }
}
