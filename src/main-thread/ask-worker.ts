import type { Operation, Operations, Reply, Request } from '../core/thread-messages.ts'
import { replyEvent } from '../core/thread-messages.ts'
import { clock, holdProcess } from '../runtime.ts'
import type { ThreadStream } from './carriers.ts'

/** A worker that has only begun to start does not listen yet: a request is sent again until it is acknowledged. */
const repeatMs = 100

let lastId = 0

/**
 * Asks the transports behind a worker's stream. Gives one result for each of ours in that worker, or undefined
 * when none has answered within `timeoutMs`: the worker is gone, or nothing in it is ours.
 */
export function askWorker<Op extends Operation>(
  stream: ThreadStream,
  op: Op,
  options: Operations[Op]['options'],
  timeoutMs: number,
): Promise<readonly Operations[Op]['result'][] | undefined> {
  const id = ++lastId
  const request: Request = { code: 'LOUDSINK', op, id, options }
  const release = holdProcess()
  return new Promise((resolve) => {
    let repeat = clock.setTimeout(send, repeatMs)
    const deadline = clock.setTimeout(() => {
      finish(undefined)
    }, timeoutMs)
    const onReply = (reply: Reply): void => {
      if (reply.id !== id) return
      clock.clearTimeout(repeat)
      if (reply.results !== undefined) finish(reply.results as Operations[Op]['result'][])
    }
    const onClose = (): void => {
      finish(undefined)
    }
    function send(): void {
      stream.emit('message', request)
      repeat = clock.setTimeout(send, repeatMs)
    }
    function finish(results: readonly Operations[Op]['result'][] | undefined): void {
      clock.clearTimeout(repeat)
      clock.clearTimeout(deadline)
      stream.off(replyEvent, onReply)
      stream.off('close', onClose)
      release()
      resolve(results)
    }
    if (stream.destroyed) {
      finish(undefined)
      return
    }
    stream.on(replyEvent, onReply)
    stream.on('close', onClose)
    clock.clearTimeout(repeat)
    send()
  })
}
