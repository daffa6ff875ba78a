import { Writable } from 'node:stream'

export interface StreamEnds {
  /** Takes a chunk at once. Calls `done` when there is room for more. */
  accept(chunk: Buffer, done: () => void): void
  /** Delivers what is left, within the shutdown deadline. Never rejects. */
  close(): Promise<unknown>
}

/**
 * What pino writes to. It emits `close` when it is done, `error` never: thread-stream would end the transport
 * for good. What is written after the end is counted as dropped.
 */
export class ShipperStream extends Writable {
  readonly #ends: StreamEnds

  constructor(ends: StreamEnds) {
    // Node's default differs between versions.
    super({ decodeStrings: true, highWaterMark: 16_384 })
    this.#ends = ends
  }

  override write(chunk: unknown, ...rest: unknown[]): boolean {
    if (!this.writableEnded && !this.destroyed) {
      return Reflect.apply(super.write, this, [chunk, ...rest]) as boolean
    }
    if (typeof chunk === 'string' || chunk instanceof Uint8Array) {
      this.#ends.accept(Buffer.from(chunk), () => {})
    }
    const done = rest.find((argument) => typeof argument === 'function')
    if (done !== undefined) process.nextTick(done)
    return true
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#ends.accept(chunk, done)
  }

  override _final(done: () => void): void {
    void this.#ends.close().then(() => {
      done()
    })
  }

  override _destroy(_error: Error | null, done: (error?: Error | null) => void): void {
    void this.#ends.close().then(() => {
      done(null)
    })
  }
}
