import { once } from 'node:events'
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { TlsOptions } from 'node:tls'

export interface SeenRequest {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  /** Names as they were sent, one for each occurrence. */
  readonly headerNames: readonly string[]
  readonly body: Buffer
  /** Number of the connection that it came over, from 1. */
  readonly connection: number
}

export type Respond = (response: ServerResponse, seen: SeenRequest, socket: Socket) => void

/** An HTTP or HTTPS server on the loopback that keeps what it saw, and answers as the test says. */
export interface NodeServer extends AsyncDisposable {
  /** Without a slash at the end. */
  readonly url: string
  readonly port: number
  readonly requests: readonly SeenRequest[]
  /** Connections accepted so far. */
  readonly connections: number
  /** Connections open now. */
  readonly open: number
}

/** Starts a server; with `tls` it speaks HTTPS. `respond` is called once the whole request is in. */
export async function startNode(respond: Respond, tls?: TlsOptions): Promise<NodeServer> {
  const requests: SeenRequest[] = []
  const sockets = new Set<Socket>()
  const numbers = new WeakMap<Socket, number>()
  let connections = 0
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const seen: SeenRequest = {
        method: request.method ?? '',
        url: request.url ?? '',
        headers: request.headers,
        headerNames: request.rawHeaders.filter((_, i) => i % 2 === 0),
        body: Buffer.concat(chunks),
        connection: numbers.get(request.socket) ?? 0,
      }
      requests.push(seen)
      respond(response, seen, request.socket)
    })
  }
  const server = tls ? createTlsServer(tls, listener) : createServer(listener)
  server.keepAliveTimeout = 60_000
  server.on('connection', (socket: Socket) => {
    connections++
    sockets.add(socket)
    numbers.set(socket, connections)
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket))
  })
  server.on('secureConnection', (socket: Socket) => numbers.set(socket, connections))
  server.on('tlsClientError', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    port,
    requests,
    get connections() {
      return connections
    },
    get open() {
      return sockets.size
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** The answer of a server that stored all. */
export function allCreated(count: number): string {
  const items = Array.from({ length: count }, () => '{"create":{"status":201}}')
  return `{"errors":false,"took":7,"items":[${items.join(',')}]}`
}

/** Stores whatever comes. */
export const storeAll: Respond = (response, seen) => {
  response.setHeader('content-type', 'application/json')
  response.end(allCreated(linesOf(seen) / 2))
}

export function linesOf(seen: SeenRequest): number {
  return seen.body.filter((byte) => byte === 0x0a).length
}
