import type { RemoteInfo, Socket as UdpSocket } from 'node:dgram'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import type { Server, Socket } from 'node:net'
import { createServer, isIPv6 } from 'node:net'
import type { Send } from './query-handler.ts'
import type { QuerySource } from './query-log.ts'

export interface DnsSocketsOptions {
  readonly address: string
  /** 0 takes one that is free for both at the first start, and keeps it. */
  readonly port: number
  onMessage(bytes: Buffer, source: QuerySource, send: Send): void
  onChange(): void
}

/** A port that is free over UDP may be taken over TCP. */
const portTries = 20

/** UDP and TCP on one port of one address. They can go down and come up again. */
export class DnsSockets {
  readonly #options: DnsSocketsOptions
  readonly #connections = new Set<Socket>()
  #port: number
  #udp: UdpSocket | undefined
  #tcp: Server | undefined

  constructor(options: DnsSocketsOptions) {
    this.#options = options
    this.#port = options.port
  }

  get port(): number {
    return this.#port
  }

  /** Opens both. Rejects when the port is taken. */
  async up(): Promise<void> {
    if (this.#udp) return
    for (let tryNumber = 1; ; tryNumber++) {
      const udp = await this.#openUdp()
      const { port } = udp.address()
      try {
        this.#tcp = await this.#openTcp(port)
        this.#udp = udp
        this.#port = port
        this.#options.onChange()
        return
      } catch (error) {
        udp.close()
        if (this.#port !== 0 || tryNumber >= portTries) throw error
      }
    }
  }

  /** Closes both and every connection: whoever asks now is refused. */
  async down(): Promise<void> {
    const udp = this.#udp
    const tcp = this.#tcp
    if (!(udp && tcp)) return
    this.#udp = undefined
    this.#tcp = undefined
    const closed = [once(udp, 'close'), once(tcp, 'close')]
    udp.close()
    tcp.close()
    for (const connection of this.#connections) connection.destroy()
    await Promise.all(closed)
    this.#options.onChange()
  }

  async #openUdp(): Promise<UdpSocket> {
    const { address } = this.#options
    const isV6 = isIPv6(address)
    const udp = createSocket(isV6 ? { type: 'udp6', ipv6Only: true } : { type: 'udp4' })
    udp.on('message', (bytes, peer) => this.#onDatagram(udp, bytes, peer))
    await new Promise<void>((resolve, reject) => {
      udp.once('error', (error) => {
        udp.close()
        reject(error)
      })
      udp.bind({ address, port: this.#port, exclusive: true }, resolve)
    })
    udp.removeAllListeners('error')
    // Nothing that a client does may end the server.
    udp.on('error', () => undefined)
    return udp
  }

  #onDatagram(udp: UdpSocket, bytes: Buffer, { address, port }: RemoteInfo): void {
    const source = { transport: 'udp', sourceAddress: address, sourcePort: port } as const
    this.#options.onMessage(bytes, source, (answer) => {
      if (this.#udp === udp) udp.send(answer, port, address, () => undefined)
    })
  }

  async #openTcp(port: number): Promise<Server> {
    const { address } = this.#options
    const tcp = createServer({ noDelay: true }, (connection) => this.#accept(connection))
    await new Promise<void>((resolve, reject) => {
      tcp.once('error', reject)
      tcp.listen({ host: address, port, exclusive: true, ipv6Only: isIPv6(address) }, resolve)
    })
    tcp.removeAllListeners('error')
    return tcp
  }

  #accept(connection: Socket): void {
    const { remoteAddress = '', remotePort = 0 } = connection
    const source = {
      transport: 'tcp',
      sourceAddress: remoteAddress,
      sourcePort: remotePort,
    } as const
    this.#connections.add(connection)
    connection.on('close', () => this.#connections.delete(connection))
    connection.on('error', () => undefined)
    let rest: Buffer = Buffer.alloc(0)
    connection.on('data', (chunk: Buffer) => {
      const { messages, left } = splitMessages(Buffer.concat([rest, chunk]))
      rest = left
      for (const message of messages) {
        this.#options.onMessage(message, source, (answer) => {
          if (connection.writable) connection.write(withLength(answer))
        })
      }
    })
  }
}

/** Messages with two bytes of length in front (RFC 1035 §4.2.2), and the beginning of the next. */
function splitMessages(bytes: Buffer): {
  readonly messages: readonly Buffer[]
  readonly left: Buffer
} {
  const messages: Buffer[] = []
  let at = 0
  while (at + 2 <= bytes.length) {
    const end = at + 2 + bytes.readUInt16BE(at)
    if (end > bytes.length) break
    messages.push(bytes.subarray(at + 2, end))
    at = end
  }
  return { messages, left: bytes.subarray(at) }
}

function withLength(message: Buffer): Buffer {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(message.length)
  return Buffer.concat([length, message])
}
