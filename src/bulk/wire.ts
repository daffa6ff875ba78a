import type { IncomingHttpHeaders } from 'node:http'
import type { Socket } from 'node:net'
import { Client } from 'undici'
import type { Clock } from '../core/platform.ts'
import type { Attempt } from './attempt.ts'
import type { Reply } from './reply-reader.ts'
import { ReplyReader } from './reply-reader.ts'
import type { TryError } from './try-error.ts'

export interface WireRequest {
  readonly method: string
  /** With prefix and query. */
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** The code of a socket that closed between two requests: nothing of the second was sent. */
export const staleCode = 'closed_while_idle'

const keepAliveMs = 30_000
/** Taken off a server's `Keep-Alive: timeout`. undici's own 2 s would forbid all reuse where the server says 1 s. */
const keepAliveThresholdMs = 100

/**
 * One open socket with undici's HTTP on it. It carries one request at a time and dies with its socket: so it is
 * known which socket carries a request, and undici never connects by itself.
 */
export class Wire {
  readonly #socket: Socket
  readonly #client: Client
  readonly #clock: Clock
  readonly #address: string | undefined
  #used = false
  #retired = false
  #reader: ReplyReader | undefined
  /** Since when a request waits for the head of its answer. */
  #silentSince: number | undefined

  constructor(origin: string, socket: Socket, address: string | undefined, clock: Clock) {
    this.#socket = socket
    this.#address = address
    this.#clock = clock
    let given = false
    this.#client = new Client(origin, {
      connect: (_options, callback) => {
        const first = !given
        given = true
        // Later, because undici is not ready for an answer at once. It asks a second time when the socket died
        // while idle; the error has to be a neutral one, for some codes make undici hang or dial for ever.
        queueMicrotask(() => {
          if (first) callback(null, socket)
          else callback(Object.assign(new Error('closed while idle'), { code: staleCode }), null)
        })
      },
      pipelining: 1,
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: keepAliveMs,
      keepAliveMaxTimeout: keepAliveMs,
      keepAliveTimeoutThreshold: keepAliveThresholdMs,
    })
  }

  /** The peer's address, without its port. */
  get ip(): string | undefined {
    return this.#socket.remoteAddress
  }

  /** It is to take no further request. */
  get retired(): boolean {
    return this.#retired
  }

  retire(): void {
    this.#retired = true
  }

  /** Ends its request, unless the answer has begun. */
  giveUp(error: TryError): void {
    if (this.#silentSince !== undefined) this.#reader?.fail(error)
  }

  get alive(): boolean {
    return !this.#socket.destroyed
  }

  /** Whether its request has waited for an answer since `time` or before. */
  isSilentSince(time: number): boolean {
    return this.#silentSince !== undefined && this.#silentSince <= time
  }

  /** Calls `listener` once the socket is closed, by whom ever. */
  onClose(listener: () => void): void {
    this.#socket.once('close', listener)
  }

  /**
   * Sends one request and reads all of its answer. Rejects with a `TryError`; the socket is destroyed then, and
   * also where an answer came before all of the body was out.
   */
  async exchange(
    request: WireRequest,
    attempt: Attempt,
    idleMs: number,
    signal: AbortSignal,
  ): Promise<Reply> {
    attempt.socketReused = this.#used
    attempt.address = this.#address
    attempt.enter('write')
    this.#used = true
    this.#silentSince = this.#clock.now()
    const bytesBefore = this.#socket.bytesRead
    try {
      const reply = await this.#dispatch(request, attempt, idleMs, signal)
      if (attempt.truncated || this.#socket.writableLength > 0) void this.destroy()
      return reply
    } catch (error) {
      void this.destroy()
      attempt.answerStarted ||= this.#socket.bytesRead > bytesBefore
      throw error
    } finally {
      this.#silentSince = undefined
      this.#reader = undefined
    }
  }

  /** The socket is closed when this returns; the promise, which never rejects, is for undici's own tidying. */
  async destroy(): Promise<void> {
    this.#socket.destroy()
    await this.#client.destroy().catch(() => undefined)
  }

  #dispatch(
    request: WireRequest,
    attempt: Attempt,
    idleMs: number,
    signal: AbortSignal,
  ): Promise<Reply> {
    return new Promise<Reply>((resolve, reject) => {
      const end = (): void => signal.removeEventListener('abort', onAbort)
      const reader = new ReplyReader(
        { socket: this.#socket, attempt, idleMs, clock: this.#clock },
        {
          answering: () => {
            this.#silentSince = undefined
          },
          resolve: (reply) => {
            end()
            resolve(reply)
          },
          reject: (error) => {
            end()
            reject(error)
          },
        },
      )
      this.#reader = reader
      const onAbort = (): void => reader.fail(signal.reason)
      signal.addEventListener('abort', onAbort, { once: true })
      if (signal.aborted) onAbort()
      else this.#client.dispatch(request, reader)
    })
  }
}
