import type { ServerAddress } from './server-address.ts'

/** How long a server that did not answer is asked last. */
const deadMs = 10_000

/** The name servers, and which of them kept silent lately. */
export class ServerPool {
  readonly #servers: readonly ServerAddress[]
  readonly #rotate: boolean
  readonly #deadUntil = new Map<ServerAddress, number>()
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
    const isDead = (server: ServerAddress) => (this.#deadUntil.get(server) ?? -Infinity) > nowMs
    return [...list.filter((server) => !isDead(server)), ...list.filter(isDead)]
  }

  /** No answer came. */
  markDead(server: ServerAddress, nowMs: number): void {
    this.#deadUntil.set(server, nowMs + deadMs)
  }

  markAlive(server: ServerAddress): void {
    this.#deadUntil.delete(server)
  }
}
