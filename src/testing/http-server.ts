import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http'
import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo, Socket, Server as TcpServer } from 'node:net'
import { createServer as createTcpServer } from 'node:net'
import type { Server as TlsServer } from 'node:tls'
import { createServer as createTlsServer } from 'node:tls'
import { Gate } from './gate.ts'

/** PEM texts for HTTPS. */
export interface TlsFiles {
  readonly key: string | Buffer
  readonly cert: string | Buffer
  /** Clients must show a certificate signed by this authority. Default: none is asked for. */
  readonly ca?: string | Buffer
}

export interface HttpServerOptions {
  /** 0 takes a free one at the first start and keeps it. */
  readonly port: number
  readonly tls: TlsFiles | undefined
  /** What becomes of a new connection: its number counts from 1. */
  onConnection(number: number): 'serve' | 'reset' | 'swallow'
  /** `waits`: the client sent `Expect: 100-continue` and waits for a word before its body. */
  onRequest(request: IncomingMessage, response: ServerResponse, gate: Gate, waits: boolean): void
  onChange(): void
}

/** HTTP or HTTPS on 127.0.0.1 with a gate on each connection. It can go down and come up again. */
export class GatedHttpServer {
  readonly #options: HttpServerOptions
  readonly #tcp: TcpServer
  readonly #tls: TlsServer | undefined
  readonly #http: HttpServer
  readonly #sockets = new Set<Socket>()
  readonly #gates = new Map<Socket, Gate>()
  /** TLS hides the socket below it; the client's port leads back. */
  readonly #byPort = new Map<number, { readonly socket: Socket; readonly number: number }>()
  /** Without a gate yet, and dead. */
  readonly #swallowed = new WeakSet<Socket>()
  #port: number
  #accepted = 0

  constructor(options: HttpServerOptions) {
    this.#options = options
    this.#port = options.port
    this.#http = createHttpServer()
    this.#http.on('request', (request, response) =>
      options.onRequest(request, response, gateOf(request), false),
    )
    this.#http.on('checkContinue', (request: IncomingMessage, response: ServerResponse) =>
      options.onRequest(request, response, gateOf(request), true),
    )
    this.#http.on('checkExpectation', (_: IncomingMessage, response: ServerResponse) => {
      response.sendDate = false
      response.writeHead(417, { 'content-length': '0', connection: 'close' }).end()
    })
    this.#http.on('clientError', (_: Error, socket: Gate) => {
      if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n')
    })
    this.#tls = options.tls && this.#createTls(options.tls)
    this.#tcp = createTcpServer({ allowHalfOpen: true, noDelay: true }, (socket) =>
      this.#accept(socket),
    )
  }

  get port(): number {
    return this.#port
  }

  /** Open connections, dead ones too while the client holds its end. */
  get connections(): number {
    return [...this.#sockets].filter((socket) => !(socket.destroyed || socket.readableEnded)).length
  }

  /** All connections that were ever accepted. */
  get accepted(): number {
    return this.#accepted
  }

  /** Listens. Rejects when the port is taken. */
  up(): Promise<void> {
    if (this.#tcp.listening) return Promise.resolve()
    return new Promise((resolve, reject) => {
      this.#tcp.once('error', reject)
      this.#tcp.listen(this.#port, '127.0.0.1', () => {
        this.#tcp.off('error', reject)
        this.#port = (this.#tcp.address() as AddressInfo).port
        this.#options.onChange()
        resolve()
      })
    })
  }

  /** Stops listening and destroys every connection. */
  down(): Promise<void> {
    if (!this.#tcp.listening) return Promise.resolve()
    return new Promise((resolve) => {
      this.#tcp.close(() => {
        this.#options.onChange()
        resolve()
      })
      for (const socket of this.#sockets) socket.destroy()
    })
  }

  /** Every connection that exists swallows all from now on, for good. */
  swallowAll(): void {
    for (const socket of this.#sockets) {
      const gate = this.#gates.get(socket)
      if (gate) gate.die()
      else this.#swallow(socket)
    }
  }

  #accept(socket: Socket): void {
    const number = ++this.#accepted
    const verdict = this.#options.onConnection(number)
    this.#sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => {
      this.#sockets.delete(socket)
      this.#gates.delete(socket)
      this.#byPort.delete(remotePort)
      this.#options.onChange()
    })
    const remotePort = socket.remotePort ?? 0
    switch (verdict) {
      case 'reset':
        socket.resetAndDestroy()
        break
      case 'swallow':
        this.#swallow(socket)
        break
      case 'serve':
        if (this.#tls) {
          this.#byPort.set(remotePort, { socket, number })
          this.#tls.emit('connection', socket)
        } else this.#serve(socket, socket, number)
    }
    this.#options.onChange()
  }

  #createTls(files: TlsFiles): TlsServer {
    const { ca, ...own } = files
    const client = ca === undefined ? {} : { ca, requestCert: true, rejectUnauthorized: true }
    const server = createTlsServer({ ...own, ...client, allowHalfOpen: true })
    server.on('secureConnection', (stream) => {
      const below = this.#byPort.get(stream.remotePort ?? 0)
      if (below) this.#serve(below.socket, stream, below.number)
      else stream.destroy()
    })
    server.on('tlsClientError', (_, stream) => stream.destroy())
    return server
  }

  #serve(tcp: Socket, stream: Socket, number: number): void {
    const gate = new Gate(number, tcp, stream)
    this.#gates.set(tcp, gate)
    if (this.#swallowed.has(tcp)) gate.die()
    else this.#http.emit('connection', gate)
  }

  #swallow(socket: Socket): void {
    this.#swallowed.add(socket)
    if (!this.#tls) socket.resume()
  }
}

/** The parser was given a gate as its socket. */
function gateOf(request: IncomingMessage): Gate {
  const socket: unknown = request.socket
  if (socket instanceof Gate) return socket
  throw new TypeError('a request came in beside its gate')
}
