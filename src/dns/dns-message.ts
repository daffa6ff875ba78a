import type { Answer, DecodedPacket } from 'dns-packet'
import { decode, encode, RECURSION_DESIRED, TRUNCATED_RESPONSE } from 'dns-packet'
import type { QuestionOutcome } from './dns-event.ts'
import { followChain, ttlOf } from './follow-chain.ts'

export type QuestionType = 'A' | 'AAAA'

/** What identifies a query, and so its answer. */
export interface Query {
  /** 0 to 65,535, random. */
  readonly id: number
  /** Full name without its last dot; fits into a query. */
  readonly name: string
  readonly type: QuestionType
}

/** What a server said. `ttlS` is absent where the server does not tell how long nothing holds. */
export type ServerAnswer =
  | { readonly outcome: 'answered'; readonly addresses: readonly string[]; readonly ttlS: number }
  | { readonly outcome: 'nodata' | 'nxdomain'; readonly ttlS: number | undefined }
  | { readonly outcome: ServerFault }

/** Why another server should be asked. */
export type ServerFault = Extract<
  QuestionOutcome,
  'servfail' | 'refused' | 'formerr' | 'notimp' | 'malformed' | 'unreachable'
>

/** A datagram: somebody else's, or the answer, which may be cut short. */
export type Message =
  | { readonly kind: 'foreign' }
  | { readonly kind: 'answer'; readonly answer: ServerAnswer; readonly truncated: boolean }

/** Fits into one packet on every path (DNS flag day 2020). */
const udpPayloadBytes = 1232
/** Each record can point at a long chain of names: more of them would take long to read. */
const mostRecords = 1024

const headerBytes = 12
const responseFlag = 0x8000
const opcodeMask = 0x7800

/** A query with one question. `edns`: with the OPT record that allows answers over 512 bytes. */
export function encodeQuery({ id, name, type }: Query, edns: boolean): Buffer {
  return encode({
    type: 'query',
    id,
    flags: RECURSION_DESIRED,
    questions: [{ type, name }],
    additionals: edns
      ? [
          {
            type: 'OPT',
            name: '.',
            udpPayloadSize: udpPayloadBytes,
            extendedRcode: 0,
            ednsVersion: 0,
            flags: 0,
            flag_do: false,
            options: [],
          },
        ]
      : [],
  })
}

/** Reads what came for `query`; any bytes are allowed. Foreign is what another query, or nobody, asked for. */
export function readMessage(bytes: Buffer, query: Query): Message {
  if (bytes.length < headerBytes || bytes.readUInt16BE(0) !== query.id) return { kind: 'foreign' }
  const flags = bytes.readUInt16BE(2)
  if ((flags & responseFlag) === 0 || (flags & opcodeMask) !== 0) return { kind: 'foreign' }
  const truncated = (flags & TRUNCATED_RESPONSE) !== 0
  const fault = faultOf(flags & 15)
  const questions = bytes.readUInt16BE(4)
  // A server that did not understand the query cannot repeat it.
  if (fault !== undefined && questions === 0) return answer({ outcome: fault }, false)
  const packet = questions === 1 ? tryDecode(bytes) : undefined
  if (packet === undefined) return answer({ outcome: 'malformed' }, truncated)
  if (!isAbout(packet, query)) return { kind: 'foreign' }
  if (fault !== undefined) return answer({ outcome: fault }, false)
  return answer(readAnswer(packet, query, flags & 15), truncated)
}

function answer(what: ServerAnswer, truncated: boolean): Message {
  return { kind: 'answer', answer: what, truncated }
}

/** By RFC 1035 §4.1.1; 0 and 3 (the name does not exist) are answers. */
function faultOf(rcode: number): ServerFault | undefined {
  switch (rcode) {
    case 0:
    case 3:
      return undefined
    case 1:
      return 'formerr'
    case 2:
      return 'servfail'
    case 4:
      return 'notimp'
    case 5:
      return 'refused'
    default:
      return 'malformed'
  }
}

function tryDecode(bytes: Buffer): DecodedPacket | undefined {
  const records = bytes.readUInt16BE(6) + bytes.readUInt16BE(8) + bytes.readUInt16BE(10)
  if (records > mostRecords) return undefined
  try {
    return decode(bytes)
  } catch {
    // dns-packet throws on everything that is no message.
    return undefined
  }
}

function isAbout({ questions }: DecodedPacket, { name, type }: Query): boolean {
  const question = questions?.[0]
  return question?.type === type && question.name.toLowerCase() === name.toLowerCase()
}

function readAnswer(packet: DecodedPacket, query: Query, rcode: number): ServerAnswer {
  const nothing = { ttlS: negativeTtl(packet.authorities ?? []) }
  if (rcode === 3) return { outcome: 'nxdomain', ...nothing }
  const found = followChain(packet.answers ?? [], query)
  return found === undefined ? { outcome: 'nodata', ...nothing } : { outcome: 'answered', ...found }
}

/** How long nothing holds: RFC 2308 §5. */
function negativeTtl(authorities: readonly Answer[]): number | undefined {
  for (const record of authorities) {
    if (record.type === 'SOA') return Math.min(ttlOf(record.ttl), ttlOf(record.data.minimum))
  }
  return undefined
}
