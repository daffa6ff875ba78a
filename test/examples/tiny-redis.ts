import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'

/** As much of a Redis as a client needs to connect and to ping: every command is `+OK`, `PING` is `+PONG`. */
export async function startTinyRedis(): Promise<{ readonly port: number; close(): void }> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.on('data', (bytes) => {
      // A command is an array: *<parts>\r\n$<length>\r\n<part>\r\n …
      for (const command of bytes.toString('latin1').split(/(?=\*\d+\r\n)/)) {
        socket.write(/\r\nPING\r\n/i.test(command) ? '+PONG\r\n' : '+OK\r\n')
      }
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, close: () => server.close() }
}
