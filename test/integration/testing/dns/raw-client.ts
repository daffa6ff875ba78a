import type { Socket } from 'node:dgram'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect, isIPv6 } from 'node:net'
import { buffer } from 'node:stream/consumers'
import type { DecodedPacket, RecordType } from 'dns-packet'
import { decode, encode, RECURSION_DESIRED } from 'dns-packet'
import type { FaultyDns } from '../../../../src/testing/dns/index.ts'

/** How long an answer may take that is not to come. */
const silenceMs = 150

export interface Question {
  readonly name: string
  readonly type: RecordType
  readonly id?: number
  readonly udpPayloadSize?: number
}

/** The bytes of a question. */
export function questionBytes({ name, type, id = 1, udpPayloadSize }: Question): Buffer {
  return encode({
    type: 'query',
    id,
    flags: RECURSION_DESIRED,
    questions: [{ name, type }],
    additionals:
      udpPayloadSize === undefined
        ? []
        : [
            {
              type: 'OPT',
              name: '.',
              udpPayloadSize,
              extendedRcode: 0,
              ednsVersion: 0,
              flags: 0,
              flag_do: false,
              options: [],
            },
          ],
  })
}

/** A UDP socket, connected to a server as a resolver's is: one source port as long as it is open. */
export class RawClient {
  readonly #socket: Socket
  readonly #received: Buffer[] = []
  readonly errors: string[] = []

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('message', (bytes) => this.#received.push(bytes))
    socket.on('error', (error) =>
      this.errors.push('code' in error ? String(error.code) : error.message),
    )
  }

  static async open({ address, port }: FaultyDns): Promise<RawClient> {
    const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4')
    const client = new RawClient(socket)
    socket.connect(port, address)
    await once(socket, 'connect')
    return client
  }

  get port(): number {
    return this.#socket.address().port
  }

  get received(): readonly Buffer[] {
    return this.#received
  }

  send(question: Question): void {
    this.sendBytes(questionBytes(question))
  }

  sendBytes(bytes: Buffer): void {
    this.#socket.send(bytes, (error) => error && this.errors.push(error.message))
  }

  /** The datagrams received, when there are `count` of them or nothing has come for a while. */
  async answers(count: number): Promise<readonly Buffer[]> {
    while (this.#received.length < count) {
      const signal = AbortSignal.timeout(silenceMs)
      try {
        await once(this.#socket, 'message', { signal })
      } catch {
        break
      }
    }
    return this.#received
  }

  async close(): Promise<void> {
    this.#socket.close()
    await once(this.#socket, 'close')
  }
}

/** Asks from a port of its own and gives all answers that come, up to `count`. */
export async function askBytes(
  server: FaultyDns,
  question: Question,
  count = 1,
): Promise<readonly Buffer[]> {
  const client = await RawClient.open(server)
  client.send(question)
  const answers = [...(await client.answers(count))]
  await client.close()
  return answers
}

/** Asks over UDP; undefined where no answer comes. */
export async function ask(
  server: FaultyDns,
  name: string,
  type: RecordType = 'A',
  more: Partial<Question> = {},
): Promise<DecodedPacket | undefined> {
  const [bytes] = await askBytes(server, { name, type, ...more })
  return bytes && decode(bytes)
}

/** Asks several questions over one TCP connection, whose bytes arrive in pieces of `chunkBytes`. */
export async function askTcp(
  server: FaultyDns,
  questions: readonly Question[],
  chunkBytes = 1_000,
): Promise<readonly DecodedPacket[]> {
  const socket = connect({ port: server.port, host: server.address, allowHalfOpen: true })
  socket.setNoDelay(true)
  const wire = Buffer.concat(
    questions.map((question) => {
      const bytes = questionBytes(question)
      return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes])
    }),
  )
  for (let at = 0; at < wire.length; at += chunkBytes) {
    socket.write(wire.subarray(at, at + chunkBytes))
    await new Promise((resolve) => setImmediate(resolve))
  }
  socket.end()
  const all = await buffer(socket)
  const answers: DecodedPacket[] = []
  for (let at = 0; at + 2 <= all.length; at += 2 + all.readUInt16BE(at)) {
    answers.push(decode(all.subarray(at + 2, at + 2 + all.readUInt16BE(at))))
  }
  return answers
}

/** `A 127.0.0.1 5` for each record of the answer. */
export const recordsOf = (packet: DecodedPacket | undefined): readonly string[] =>
  (packet?.answers ?? []).map((record) =>
    'data' in record && 'ttl' in record
      ? `${record.type} ${String(record.data)} ${record.ttl}`
      : record.type,
  )

/** The code of an answer as text; undefined where there is none. */
export const rcodeOf = (packet: DecodedPacket | undefined): string | undefined =>
  packet && 'rcode' in packet ? String(packet.rcode) : undefined
