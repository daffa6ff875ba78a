import { createSocket } from 'node:dgram'
import { isIPv6 } from 'node:net'
import type { Message, Query } from './dns-message.ts'
import { encodeQuery, readMessage } from './dns-message.ts'
import type { ServerAddress } from './server-address.ts'

type Taken = Extract<Message, { readonly kind: 'answer' }>

/**
 * Sends one query in one datagram from a socket of its own, so from a port of its own, and waits for its answer without an
 * end. `take` is called once, and never after `stop`, which is what this gives. Does not keep the process alive.
 */
export function askByUdp(
  server: ServerAddress,
  query: Query,
  edns: boolean,
  take: (answer: Taken) => void,
): () => void {
  const socket = createSocket({
    type: isIPv6(server.host) ? 'udp6' : 'udp4',
    // The address itself: `node:dns` may have been replaced, by this very resolver even.
    lookup: (address, _options, callback) => {
      // Not at once: an error of the socket's would come before the caller has what stops it.
      process.nextTick(callback, null, address, isIPv6(address) ? 6 : 4)
    },
  })
  let open = true
  const stop = (): void => {
    if (!open) return
    open = false
    socket.close()
  }
  const end = (answer: Taken): void => {
    if (!open) return
    stop()
    take(answer)
  }
  const fail = (): void =>
    end({ kind: 'answer', answer: { outcome: 'unreachable' }, truncated: false })

  socket.on('error', fail)
  socket.on('message', (bytes) => {
    const message = readMessage(bytes, query)
    if (message.kind === 'answer') end(message)
  })
  socket.on('connect', () => {
    if (!open) return
    socket.send(encodeQuery(query, edns), (error) => {
      if (error !== null) fail()
    })
  })
  // Exclusive: a cluster's primary would hand the same socket to every worker.
  socket.bind({ port: 0, exclusive: true }, () => {
    if (!open) return
    socket.unref()
    // Connected, the kernel lets only this server answer and tells us of a closed port.
    socket.connect(server.port, server.host)
  })
  return stop
}
