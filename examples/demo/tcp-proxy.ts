import { once } from 'node:events'
import type { AddressInfo, Server, Socket } from 'node:net'
import { connect, createServer } from 'node:net'

/** Passes bytes on to a host and port, on a loopback port that it keeps; can be taken away and brought back. */
export class TcpProxy {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #port = 0

  private constructor(host: string, port: number) {
    this.#server = createServer((near) => {
      const far = connect({ host, port })
      this.#join(near, far)
      this.#join(far, near)
    })
  }

  static async open(host: string, port: number): Promise<TcpProxy> {
    const proxy = new TcpProxy(host, port)
    await proxy.up()
    return proxy
  }

  get port(): number {
    return this.#port
  }

  /** Listens, on the same port as before. */
  async up(): Promise<void> {
    this.#server.listen(this.#port, '127.0.0.1')
    await once(this.#server, 'listening')
    this.#port = (this.#server.address() as AddressInfo).port
  }

  /** Nothing listens, and every connection is cut. */
  async down(): Promise<void> {
    if (!this.#server.listening) return
    const closed = once(this.#server, 'close')
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }

  #join(from: Socket, to: Socket): void {
    this.#sockets.add(from)
    from.pipe(to)
    // A broken side ends the other; there is nobody else to tell.
    from.on('error', () => to.destroy())
    from.on('close', () => {
      this.#sockets.delete(from)
      to.destroy()
    })
  }
}
