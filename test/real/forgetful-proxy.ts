import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import { connect, createServer } from 'node:net'

export interface ForgetfulProxy {
  readonly url: string
  /** Answers that were dropped: 0 or 1. */
  readonly dropped: number
  close(): Promise<void>
}

/**
 * A TCP proxy before an HTTP server on `port` which drops the first answer: the server has done what it was
 * asked, and the client sees its connection reset. All else passes.
 */
export async function startForgetfulProxy(port: number): Promise<ForgetfulProxy> {
  const sockets = new Set<Socket>()
  let dropped = 0
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1')
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        sockets.delete(socket)
        client.destroy()
        upstream.destroy()
      })
    }
    client.pipe(upstream)
    upstream.on('data', (bytes) => {
      if (dropped > 0) client.write(bytes)
      else {
        dropped++
        client.resetAndDestroy()
      }
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get dropped() {
      return dropped
    },
    async close() {
      server.close()
      for (const socket of sockets) socket.destroy()
      await once(server, 'close')
    },
  }
}
