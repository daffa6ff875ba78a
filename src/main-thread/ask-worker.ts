import type { Operation, Operations, Reply, Request } from '../core/thread-messages.ts'
import { replyEvent } from '../core/thread-messages.ts'
import { clock, holdProcess } from '../runtime.ts'
import type { ThreadStream } from './carriers.ts'

/** A worker that has only begun to start does not listen yet: a request is sent again until it is acknowledged. */
const repeatMs = 100

type Heard = (reply: Reply | 'closed') => void

/**
 * Who waits for an answer of which worker, by the id of the request: one listener a worker, however many wait.
 * This also keeps the stream: thread-stream ends the worker of one that was garbage-collected, with every line
 * that it still holds and without a word.
 */
const waiting = new Map<ThreadStream, Map<number, Heard>>()
let lastId = 0

/**
 * Asks the transports behind a worker's stream. Gives one result for each of ours in that worker, or undefined
 * when none has answered within `timeoutMs`: the worker is gone, or nothing in it is ours.
 */
export async function askWorker<Op extends Operation>(
  stream: ThreadStream,
  op: Op,
  options: Operations[Op]['options'],
  timeoutMs: number,
): Promise<readonly Operations[Op]['result'][] | undefined> {
  if (stream.destroyed) return undefined
  const id = ++lastId
  const heard = heardFrom(stream)
  // A listener that is told nothing more must not keep the process alive.
  const release = op === 'replay' ? () => {} : holdProcess()
  const results = await new Promise<readonly unknown[] | undefined>((resolve) => {
    const request: Request = { code: 'LOUDSINK', op, id, options }
    const send = (): void => {
      repeat = clock.setTimeout(send, repeatMs)
      stream.emit('message', request)
    }
    let repeat = clock.setTimeout(send, repeatMs)
    const finish = (answer: readonly unknown[] | undefined): void => {
      clock.clearTimeout(repeat)
      clock.clearTimeout(deadline)
      heard.delete(id)
      resolve(answer)
    }
    const deadline = clock.setTimeout(() => {
      finish(undefined)
    }, timeoutMs)
    heard.set(id, (reply) => {
      clock.clearTimeout(repeat)
      if (reply === 'closed') finish(undefined)
      else if (reply.results !== undefined) finish(reply.results)
    })
    stream.emit('message', request)
  })
  release()
  return results as readonly Operations[Op]['result'][] | undefined
}

function heardFrom(stream: ThreadStream): Map<number, Heard> {
  const known = waiting.get(stream)
  if (known !== undefined) return known
  const heard = new Map<number, Heard>()
  waiting.set(stream, heard)
  stream.on(replyEvent, (reply: Reply) => {
    heard.get(reply.id)?.(reply)
  })
  stream.on('close', () => {
    waiting.delete(stream)
    for (const hear of heard.values()) hear('closed')
  })
  return heard
}
