import type { Socket as UdpSocket } from 'node:dgram'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import type { AddressInfo, Server } from 'node:net'
import { createServer } from 'node:net'
import type { Answer, RecordType } from 'dns-packet'
import {
  decode,
  encode,
  RECURSION_AVAILABLE,
  RECURSION_DESIRED,
  TRUNCATED_RESPONSE,
} from 'dns-packet'

/** A query as it came. */
export interface SeenQuery {
  readonly name: string
  readonly type: string
  /** The client's port. */
  readonly port: number
  readonly protocol: 'udp' | 'tcp'
  readonly edns: boolean
  /** Number of the query, from 0. */
  readonly index: number
  /** Of its name and type, from 0. */
  readonly turn: number
}

/** Addresses by name (`*.w.lab` for all below), in the form `A 30 10.0.0.1`, `AAAA 30 ::1`, `CNAME 30 other.lab`. */
export type Zone = Readonly<Record<string, readonly string[]>>

/** What happens to a query instead of its answer. `drop`: nothing; a number: the answer comes so many ms later; bytes are sent as they are. */
export type Fate = 'drop' | 'truncate' | 'foreign' | { readonly rcode: number } | number | Buffer

export interface TinyDnsOptions {
  readonly zone?: Zone
  readonly fate?: (query: SeenQuery, message: Buffer) => Fate | undefined
  /** As a conntrack race does: of a flow (client port), the second datagram is lost while the first is unanswered. Answers take 2 ms. */
  readonly race?: boolean
  /** IP address. Default 127.0.0.1. */
  readonly host?: string
  /** Default: any. */
  readonly port?: number
}

const portTries = 10

/** A DNS server on the loopback, UDP and TCP, that answers from a zone or as it is told. */
export class TinyDns implements AsyncDisposable {
  readonly queries: SeenQuery[] = []
  zone: Zone
  fate: NonNullable<TinyDnsOptions['fate']>
  readonly #udp: UdpSocket
  readonly #tcp: Server
  readonly #race: boolean
  readonly #turns = new Map<string, number>()
  readonly #flows = new Map<number, 'unanswered' | 'answered'>()
  readonly #timers = new Set<NodeJS.Timeout>()

  private constructor(udp: UdpSocket, tcp: Server, options: TinyDnsOptions) {
    this.zone = options.zone ?? {}
    this.fate = options.fate ?? (() => undefined)
    this.#race = options.race ?? false
    this.#udp = udp
    this.#tcp = tcp
    udp.on('message', (bytes, { port, address }) => {
      const send = (answer: Buffer) => udp.send(answer, port, address, () => undefined)
      if (this.#passes(port)) this.#take(bytes, port, 'udp', send)
    })
    tcp.on('connection', (socket) => {
      let received = Buffer.alloc(0)
      socket.on('error', () => undefined)
      socket.on('data', (chunk: Buffer) => {
        received = Buffer.concat([received, chunk])
        if (received.length < 2 || received.length < 2 + received.readUInt16BE()) return
        this.#take(received.subarray(2), socket.remotePort ?? 0, 'tcp', (answer) => {
          const length = Buffer.alloc(2)
          length.writeUInt16BE(answer.length)
          socket.end(Buffer.concat([length, answer]))
        })
      })
    })
  }

  static async start(options: TinyDnsOptions = {}): Promise<TinyDns> {
    const { host = '127.0.0.1', port = 0 } = options
    for (let tryNumber = 1; ; tryNumber++) {
      const udp = createSocket(host.includes(':') ? 'udp6' : 'udp4')
      udp.bind(port, host)
      await once(udp, 'listening')
      const tcp = createServer()
      tcp.listen(udp.address().port, host)
      try {
        await once(tcp, 'listening')
        return new TinyDns(udp, tcp, options)
      } catch (error) {
        // Free for UDP is not yet free for TCP: another connection may have it.
        udp.close()
        if (port !== 0 || tryNumber === portTries) throw error
      }
    }
  }

  get port(): number {
    return (this.#tcp.address() as AddressInfo).port
  }

  /** As the `servers` option takes it. */
  get address(): string {
    const { address, port } = this.#tcp.address() as AddressInfo
    return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
  }

  /** `name type` of each query, in order. */
  get asked(): readonly string[] {
    return this.queries.map(({ name, type }) => `${name} ${type}`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#udp.close()
    this.#tcp.close()
    await once(this.#tcp, 'close')
  }

  #passes(port: number): boolean {
    if (!this.#race) return true
    const flow = this.#flows.get(port)
    if (flow === 'unanswered') return false
    this.#flows.set(port, 'unanswered')
    return true
  }

  #take(
    bytes: Buffer,
    port: number,
    protocol: 'udp' | 'tcp',
    send: (answer: Buffer) => void,
  ): void {
    const packet = decode(bytes)
    const [question] = packet.questions ?? []
    if (question === undefined) return
    const { name, type } = question
    const key = `${name} ${type}`
    const turn = this.#turns.get(key) ?? 0
    this.#turns.set(key, turn + 1)
    const edns = packet.additionals?.some((record) => record.type === 'OPT') ?? false
    const query = { name, type, port, protocol, edns, index: this.queries.length, turn }
    this.queries.push(query)
    const fate = this.fate(query, bytes)
    if (fate === 'drop') return
    const delayMs = typeof fate === 'number' ? fate : this.#race ? 2 : 0
    const answer = Buffer.isBuffer(fate)
      ? fate
      : this.#answer(packet.id ?? 0, name, type, fate, protocol)
    if (delayMs === 0) {
      send(answer)
      return
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      this.#flows.set(port, 'answered')
      send(answer)
    }, delayMs)
    this.#timers.add(timer)
  }

  #answer(
    id: number,
    name: string,
    type: RecordType,
    fate: Fate | undefined,
    protocol: 'udp' | 'tcp',
  ): Buffer {
    const answers = this.#records(name, type)
    const rcode =
      typeof fate === 'object' && 'rcode' in fate ? fate.rcode : this.#exists(name) ? 0 : 3
    const cut = fate === 'truncate' && protocol === 'udp'
    return encode({
      type: 'response',
      id: fate === 'foreign' ? (id + 1) % 65_536 : id,
      flags: RECURSION_DESIRED | RECURSION_AVAILABLE | rcode | (cut ? TRUNCATED_RESPONSE : 0),
      questions: [{ name, type }],
      answers: cut || rcode !== 0 ? [] : answers,
    })
  }

  #lines(name: string): readonly string[] | undefined {
    const below = `*.${name.split('.').slice(1).join('.')}`
    const key = [name, below].find((known) => Object.hasOwn(this.zone, known))
    return key === undefined ? undefined : this.zone[key]
  }

  #exists(name: string): boolean {
    return this.#lines(name.toLowerCase()) !== undefined
  }

  #records(asked: string, type: string): Answer[] {
    const answers: Answer[] = []
    let name = asked
    for (let hop = 0; hop < 4; hop++) {
      const lines = (this.#lines(name.toLowerCase()) ?? []).map((line) => line.split(' '))
      const of = (wanted: string) => lines.filter(([kind]) => kind === wanted)
      for (const [, ttl, data = ''] of of(type)) {
        answers.push({ name, type: type as 'A', ttl: Number(ttl), data })
      }
      const [, ttl, data] = of('CNAME')[0] ?? []
      if (data === undefined) return answers
      answers.push({ name, type: 'CNAME', ttl: Number(ttl), data })
      name = data
    }
    return answers
  }
}
