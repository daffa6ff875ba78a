import { connect } from 'node:net'
import type { Query, ServerAnswer } from './dns-message.ts'
import { encodeQuery, readMessage } from './dns-message.ts'
import type { ServerAddress } from './server-address.ts'

const lengthBytes = 2

/**
 * Sends one query over a connection of its own and waits for its answer without an end (RFC 7766). `take` is called once, and
 * never after `stop`, which is what this gives. Does not keep the process alive.
 */
export function askByTcp(
  server: ServerAddress,
  query: Query,
  take: (answer: ServerAnswer) => void,
): () => void {
  const socket = connect({ host: server.host, port: server.port })
  let open = true
  let received: Buffer = Buffer.alloc(0)
  const stop = (): void => {
    open = false
    socket.destroy()
  }
  const end = (answer: ServerAnswer): void => {
    if (!open) return
    stop()
    take(answer)
  }
  const fail = (): void => end({ outcome: 'unreachable' })

  socket.unref().setNoDelay(true)
  socket.on('error', fail)
  socket.on('close', fail)
  socket.on('connect', () => {
    const message = encodeQuery(query, false)
    const framed = Buffer.alloc(lengthBytes + message.length)
    framed.writeUInt16BE(message.length)
    message.copy(framed, lengthBytes)
    socket.write(framed)
  })
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk])
    if (received.length < lengthBytes) return
    const length = received.readUInt16BE()
    if (received.length < lengthBytes + length) return
    const message = readMessage(received.subarray(lengthBytes, lengthBytes + length), query)
    end(message.kind === 'answer' ? message.answer : { outcome: 'malformed' })
  })
  return stop
}
