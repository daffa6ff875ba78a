import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'

/**
 * Stands between a connection and Node's HTTP parser, so that bytes can be kept from either side:
 *
 * ```
 *   TCP socket ── (TLS) ── Gate ── HTTP parser
 * ```
 *
 * Open it passes everything on. Dead it swallows all that comes and sends nothing, not even a FIN.
 * As a trap it breaks the connection at the next byte.
 */
export class Gate extends Duplex {
  /** Number of the connection, from 1. */
  readonly id: number
  /** Requests that have begun on it. */
  requests = 0
  /** For resets: TLS has none of its own. */
  readonly #tcp: Socket
  /** The connection as HTTP sees it: the TCP socket itself, or TLS on it. */
  readonly #stream: Socket
  #state: 'open' | 'dead' | 'trap' = 'open'
  #trap: 'rst' | 'fin' = 'rst'

  constructor(id: number, tcp: Socket, stream: Socket) {
    super({ allowHalfOpen: true })
    this.id = id
    this.#tcp = tcp
    this.#stream = stream
    this.on('error', ignore)
    stream.on('error', ignore)
    stream.on('data', (chunk: Buffer) => this.#arrived(chunk))
    stream.on('end', () => {
      if (this.#state !== 'dead') this.push(null)
    })
    stream.on('close', () => this.destroy())
    stream.pause()
  }

  /** Nobody is left behind this gate. */
  get isDead(): boolean {
    return this.#state === 'dead'
  }

  /** Swallows all from now on and never answers. */
  die(): void {
    this.#state = 'dead'
    this.#stream.resume()
  }

  /** Breaks the connection when the next byte arrives. */
  setTrap(how: 'rst' | 'fin'): void {
    if (this.#state === 'dead') return
    this.#state = 'trap'
    this.#trap = how
    this.#stream.resume()
  }

  /** Ends the connection with a RST. */
  reset(): void {
    if (this.#state !== 'dead') this.#tcp.resetAndDestroy()
  }

  /** Sends what has been written and a FIN, and ignores what still comes. */
  finish(): void {
    if (this.#state === 'dead') return
    this.#stream.end()
    this.die()
  }

  override _read(): void {
    this.#stream.resume()
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, done: () => void): void {
    if (this.#state === 'dead' || this.#stream.destroyed) done()
    else this.#stream.write(chunk, encoding, () => done())
  }

  override _final(done: () => void): void {
    if (this.#state === 'dead' || this.#stream.destroyed) done()
    else this.#stream.end(() => done())
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (this.#state !== 'dead') this.#stream.destroy()
    done(error)
  }

  #arrived(chunk: Buffer): void {
    switch (this.#state) {
      case 'dead':
        return
      case 'trap':
        if (this.#trap === 'rst') this.reset()
        else this.finish()
        return
      case 'open':
        if (!this.push(chunk)) this.#stream.pause()
    }
  }
}

// Broken connections are what this server is for; whoever cares sees the 'close'.
function ignore(): void {}
