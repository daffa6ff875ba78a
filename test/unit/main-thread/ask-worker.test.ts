import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import { describe, it } from 'node:test'
import type { Reply, Request } from '../../../src/core/thread-messages.ts'
import { replyEvent } from '../../../src/core/thread-messages.ts'
import { askWorker } from '../../../src/main-thread/ask-worker.ts'
import type { ThreadStream } from '../../../src/main-thread/carriers.ts'

/** A worker's stream that answers only when the test says so. */
class SilentStream implements ThreadStream {
  readonly destroyed: boolean = false
  readonly requests: Request[] = []
  readonly #emitter = new EventEmitter()

  on(name: string, listener: (argument: never) => void): void {
    this.#emitter.on(name, listener as (argument: unknown) => void)
  }

  off(name: string, listener: (argument: never) => void): void {
    this.#emitter.off(name, listener as (argument: unknown) => void)
  }

  emit(_name: 'message', message: object): boolean {
    this.requests.push(message as Request)
    return true
  }

  flush(done: () => void): void {
    done()
  }

  listenerCount(name: string): number {
    return this.#emitter.listenerCount(name)
  }

  reply(reply: Reply): void {
    this.#emitter.emit(replyEvent, reply)
  }

  close(): void {
    this.#emitter.emit('close')
  }

  /** Resolves when so many requests have come. */
  async received(count: number): Promise<void> {
    while (this.requests.length < count) await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

class DestroyedStream extends SilentStream {
  override readonly destroyed = true
}

describe('askWorker', () => {
  it('asks again, with the same id, until the worker acknowledges; then waits for the results', async () => {
    const stream = new SilentStream()
    const asked = askWorker(stream, 'stats', {}, 5_000)
    await stream.received(3)
    const [id = 0, ...others] = new Set(stream.requests.map((request) => request.id))
    assert.deepEqual(others, [])
    stream.reply({ id })
    const before = stream.requests.length
    await new Promise((resolve) => setTimeout(resolve, 250))
    assert.equal(stream.requests.length, before)
    stream.reply({ id, results: [] })
    assert.deepEqual(await asked, [])
  })

  it('takes the answer to its own question, whatever the order', async () => {
    const stream = new SilentStream()
    const first = askWorker(stream, 'stats', {}, 5_000)
    const second = askWorker(stream, 'replay', {}, 5_000)
    const [one, two] = stream.requests
    assert.ok(one !== undefined && two !== undefined)
    assert.deepEqual([one.op, two.op], ['stats', 'replay'])
    stream.reply({ id: 987_654, results: ['nobody asked'] })
    stream.reply({ id: two.id, results: [null] })
    stream.reply({ id: one.id, results: [] })
    assert.deepEqual(await Promise.all([first, second]), [[], [null]])
  })

  it('adds one listener to a stream, however many ask', async () => {
    const stream = new SilentStream()
    const all = Array.from({ length: 50 }, () => askWorker(stream, 'stats', {}, 5_000))
    assert.equal(stream.listenerCount(replyEvent), 1)
    assert.equal(stream.listenerCount('close'), 1)
    for (const { id } of [...stream.requests]) stream.reply({ id, results: [] })
    assert.equal((await Promise.all(all)).length, 50)
  })

  it('gives nothing at the deadline, when the stream closes, and at once when it is destroyed', async () => {
    const silent = new SilentStream()
    assert.equal(await askWorker(silent, 'stats', {}, 20), undefined)
    const closing = new SilentStream()
    const asked = askWorker(closing, 'stats', {}, 5_000)
    closing.close()
    assert.equal(await asked, undefined)
    const destroyed = new DestroyedStream()
    assert.equal(await askWorker(destroyed, 'stats', {}, 5_000), undefined)
    assert.deepEqual(destroyed.requests, [])
  })
})
