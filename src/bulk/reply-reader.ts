import type { IncomingHttpHeaders } from 'node:http'
import type { Socket } from 'node:net'
import type { Dispatcher } from 'undici'
import type { Clock, Timer } from '../core/platform.ts'
import type { Attempt } from './attempt.ts'
import { TryError, toTryError } from './try-error.ts'

/** An answer, whatever its status. Whether the body is whole stands in the attempt. */
export interface Reply {
  readonly statusCode: number
  /** Names in lower case. */
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** A full answer to 5,000 documents has 1 MB; a reason can quote a whole document. */
export const maxReplyBytes = 16 * 1024 * 1024

/** Whom the reader tells. Each of them once at most. */
export interface ReplyListener {
  /** The head is in. */
  answering(): void
  resolve(reply: Reply): void
  reject(error: TryError): void
}

/** Takes one answer from undici, with our own deadlines: undici's are up to a second late. */
export class ReplyReader implements Dispatcher.DispatchHandler {
  readonly #socket: Socket
  readonly #attempt: Attempt
  readonly #idleMs: number
  readonly #clock: Clock
  readonly #listener: ReplyListener
  readonly #chunks: Buffer[] = []
  #bytes = 0
  #headers: IncomingHttpHeaders = {}
  #timer: Timer | undefined
  #settled = false
  readonly #onDrain = (): void => {
    if (this.#attempt.phase === 'write') this.#attempt.enter('wait')
  }

  constructor(
    parts: {
      readonly socket: Socket
      readonly attempt: Attempt
      readonly idleMs: number
      readonly clock: Clock
    },
    listener: ReplyListener,
  ) {
    this.#socket = parts.socket
    this.#attempt = parts.attempt
    this.#idleMs = parts.idleMs
    this.#clock = parts.clock
    this.#listener = listener
    const { responseMs } = parts.attempt
    this.#arm(responseMs, 'response_timeout', 'no answer within')
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#settled) {
      controller.abort(new Error('already given up'))
      return
    }
    this.#attempt.bodyStarted = true
    // undici writes head and body in this very tick. What fits below the high-water mark counts as written.
    queueMicrotask(() => {
      if (this.#settled) return
      if (this.#socket.writableNeedDrain) this.#socket.once('drain', this.#onDrain)
      else this.#onDrain()
    })
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    statusCode: number,
    headers: IncomingHttpHeaders,
  ): void {
    if (this.#settled || statusCode < 200) return
    this.#attempt.status = statusCode
    this.#attempt.answerStarted = true
    this.#attempt.enter('read')
    this.#headers = headers
    this.#listener.answering()
    this.#armIdle()
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#settled) return
    const room = maxReplyBytes - this.#bytes
    this.#chunks.push(chunk.subarray(0, room))
    this.#bytes += Math.min(chunk.length, room)
    if (chunk.length <= room) {
      this.#armIdle()
      return
    }
    this.#attempt.truncated = true
    this.#finish()
    controller.abort(new Error('the answer is too long'))
  }

  onResponseEnd(): void {
    if (!this.#settled) this.#finish()
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#settled) return
    // A refusal is known from its head alone: a server that closes on us while we still send has said enough.
    if ((this.#attempt.status ?? 0) >= 300) {
      this.#attempt.truncated = true
      this.#finish()
      return
    }
    this.fail(error)
  }

  /** Ends it without an answer. */
  fail(error: unknown): void {
    if (this.#settled) return
    this.#end()
    this.#listener.reject(toTryError(error, this.#attempt.phase))
  }

  #finish(): void {
    this.#end()
    this.#listener.resolve({
      statusCode: this.#attempt.status ?? 0,
      headers: this.#headers,
      body: Buffer.concat(this.#chunks, this.#bytes),
    })
  }

  #end(): void {
    this.#settled = true
    this.#clock.clearTimeout(this.#timer)
    this.#socket.off('drain', this.#onDrain)
    this.#attempt.pause()
  }

  #armIdle(): void {
    this.#arm(this.#idleMs, 'idle_timeout', 'the answer stalled for')
  }

  #arm(delayMs: number, code: string, words: string): void {
    this.#clock.clearTimeout(this.#timer)
    this.#timer = this.#clock.setTimeout(
      () => this.fail(new TryError(code, `${words} ${delayMs} ms`)),
      delayMs,
    )
  }
}
