import type { Clock } from '../core/platform.ts'
import type { Attempt } from './attempt.ts'
import type { Route } from './open-socket.ts'
import { openSocket } from './open-socket.ts'
import type { Reply } from './reply-reader.ts'
import { reasonOf, TryError } from './try-error.ts'
import type { WireRequest } from './wire.ts'
import { Wire } from './wire.ts'

/**
 * A request that waits for longer casts doubt on the sockets that were opened like its own. Below the 10 s after
 * which the courier sends another batch in its place: that one is to find a fresh connection.
 */
const silentMs = 5_000
/** How long a request to an address that the node no longer has may wait for its answer. */
const drainMs = 1_000

export interface NodeSocketsOptions {
  /** For undici: scheme, host and port. */
  readonly origin: string
  readonly route: Route
  readonly idleMs: number
  readonly maxSockets: number
}

/** The sockets to one node: at most `maxSockets`, one request on each. */
export class NodeSockets {
  readonly #options: NodeSocketsOptions
  readonly #clock: Clock
  /** The one used last is at the end, and goes first. */
  #idle: Wire[] = []
  readonly #busy = new Set<Wire>()
  #opening = 0
  /** Those who wait for a socket, in order. Called when there may be one. */
  readonly #waiting = new Set<() => void>()

  constructor(options: NodeSocketsOptions, clock: Clock) {
    this.#options = options
    this.#clock = clock
  }

  /** One request and its answer. Rejects with a `TryError`. */
  async send(request: WireRequest, attempt: Attempt, signal: AbortSignal): Promise<Reply> {
    const wire = await this.#take(attempt, signal)
    try {
      return await wire.exchange(request, attempt, this.#options.idleMs, signal)
    } finally {
      this.#busy.delete(wire)
      // By now undici has closed the socket, if it or the server wants no second request on it.
      if (wire.alive && !wire.retired) this.#idle.push(wire)
      else void wire.destroy()
      this.#wakeNext()
    }
  }

  /** Closes the sockets that wait for work: they share the fate of one that failed. */
  closeIdle(): void {
    for (const wire of this.#idle.splice(0)) void wire.destroy()
  }

  /**
   * The node has these addresses and no others. A busy socket to another one ends with its request; where no answer
   * begins, nobody may be there any more.
   */
  keepTo(addresses: readonly string[]): void {
    const gone = (wire: Wire) => wire.ip !== undefined && !addresses.includes(wire.ip)
    const stale = this.#idle.filter(gone)
    this.#idle = this.#idle.filter((wire) => !gone(wire))
    for (const wire of stale) void wire.destroy()
    const busy = [...this.#busy].filter(gone)
    for (const wire of busy) wire.retire()
    this.#clock.setTimeout(() => {
      for (const wire of busy) {
        if (this.#busy.has(wire)) wire.giveUp(new TryError('address_gone', 'the address is gone'))
      }
    }, drainMs)
    this.#wakeNext()
  }

  /** Closes every socket. Those who still wait for one are not told: abort them first. */
  async close(): Promise<void> {
    const wires = [...this.#idle.splice(0), ...this.#busy]
    await Promise.all(wires.map((wire) => wire.destroy()))
  }

  /** A wire that is ours from now on. Ends with the signal at the latest. */
  async #take(attempt: Attempt, signal: AbortSignal): Promise<Wire> {
    while (!signal.aborted) {
      const idle = this.#takeIdle()
      if (idle !== undefined) return idle
      if (this.#isFull) this.#dropOneIdle()
      if (!this.#isFull) return this.#open(attempt, signal)
      await this.#turn(signal)
    }
    throw reasonOf(signal)
  }

  get #isFull(): boolean {
    return this.#busy.size + this.#opening + this.#idle.length >= this.#options.maxSockets
  }

  #takeIdle(): Wire | undefined {
    const silentSince = this.#clock.now() - silentMs
    for (const wire of this.#busy) if (wire.isSilentSince(silentSince)) return undefined
    const wire = this.#idle.pop()
    if (wire !== undefined) this.#busy.add(wire)
    return wire
  }

  #dropOneIdle(): void {
    void this.#idle.shift()?.destroy()
  }

  async #open(attempt: Attempt, signal: AbortSignal): Promise<Wire> {
    this.#opening++
    try {
      const socket = await openSocket(this.#options.route, attempt, signal, this.#clock)
      const wire = new Wire(this.#options.origin, socket, attempt.address, this.#clock)
      wire.onClose(() => this.#forget(wire))
      this.#busy.add(wire)
      return wire
    } catch (error) {
      this.#wakeNext()
      throw error
    } finally {
      this.#opening--
    }
  }

  /** A wire was closed: while idle by the server, or by undici after its time. A busy one's request tells itself. */
  #forget(wire: Wire): void {
    if (!this.#idle.includes(wire)) return
    this.#idle = this.#idle.filter((one) => one !== wire)
    void wire.destroy()
    this.#wakeNext()
  }

  /** Resolves when a socket may be free; rejects when the signal or the time to connect ends first. */
  #turn(signal: AbortSignal): Promise<void> {
    const { connectMs } = this.#options.route
    return new Promise((resolve, reject) => {
      const end = (): void => {
        this.#waiting.delete(wake)
        this.#clock.clearTimeout(timer)
        signal.removeEventListener('abort', onAbort)
      }
      const wake = (): void => {
        end()
        resolve()
      }
      const fail = (error: TryError): void => {
        end()
        reject(error)
      }
      const onAbort = (): void => fail(reasonOf(signal))
      const timer = this.#clock.setTimeout(
        () => fail(new TryError('sockets_busy', `no free connection within ${connectMs} ms`)),
        connectMs,
      )
      signal.addEventListener('abort', onAbort, { once: true })
      this.#waiting.add(wake)
    })
  }

  #wakeNext(): void {
    const [wake] = this.#waiting
    wake?.()
  }
}
