import type { Answer, Packet } from 'dns-packet'
import { encode, RECURSION_AVAILABLE, RECURSION_DESIRED, TRUNCATED_RESPONSE } from 'dns-packet'
import type { Random } from '../../core/platform.ts'
import type { Rcode, ZoneAnswer } from './answer-question.ts'
import { rcodes } from './answer-question.ts'
import type { GarbageFault } from './dns-fault.ts'
import { plainName } from './domain-name.ts'
import type { DnsQuery } from './read-query.ts'

/** The record that says how long a negative answer holds (RFC 2308). */
export interface SoaOptions {
  /** In seconds: the field MINIMUM. Default 5. */
  readonly minimum?: number
  /** TTL of the record itself, in seconds; the smaller of both counts. Default: the minimum. */
  readonly ttl?: number
}

/** Bytes for the wire, and what stands in them. */
export interface WrittenAnswer {
  readonly bytes: Buffer
  readonly rcode: Rcode
  /** Records in the answer section. */
  readonly records: number
  readonly isTruncated: boolean
}

/** Our own limit over UDP, in the answer's OPT (https://www.dnsflagday.net/2020/). */
const ownPayloadSize = 1232
const usualPayloadSize = 512
const defaultMinimum = 5
const defaultGarbageBytes = 64
/** Where the header counts the records of the answer (RFC 1035 §4.1.1). */
const answerCountAt = 6

/** Puts an answer into bytes. More than `maxBytes` of them: the flag TC and no records. */
export function writeAnswer(
  query: DnsQuery,
  answer: ZoneAnswer,
  { soa, maxBytes }: { readonly soa: SoaOptions | false; readonly maxBytes: number },
): WrittenAnswer {
  const authorities = answer.negative && soa !== false ? [soaRecord(query.name, soa)] : []
  const packet = packetOf(query, answer.rcode, { answers: [...answer.records], authorities })
  const bytes = encode(packet)
  const { rcode } = answer
  if (bytes.length > maxBytes) return writeTruncated(query, rcode)
  return { bytes, rcode, records: answer.records.length, isTruncated: false }
}

/** TC and no records: "ask again over TCP". */
export function writeTruncated(query: DnsQuery, rcode: Rcode): WrittenAnswer {
  const packet = packetOf(query, rcode, {})
  const bytes = encode({ ...packet, flags: (packet.flags ?? 0) | TRUNCATED_RESPONSE })
  return { bytes, rcode, records: 0, isTruncated: true }
}

/** A head alone, for what could not be read. */
export function writeFormerr(id: number): WrittenAnswer {
  const bytes = encode({ type: 'response', id, flags: rcodes.formerr })
  return { bytes, rcode: 'formerr', records: 0, isTruncated: false }
}

/** How many bytes this client takes over UDP. */
export const udpLimit = (query: DnsQuery): number => query.udpPayloadSize ?? usualPayloadSize

/** Bytes that no parser should trust. */
export function writeGarbage(query: DnsQuery, fault: GarbageFault, random: Random): Buffer {
  const proper = encode(packetOf({ ...query, udpPayloadSize: undefined }, 'noerror', {}))
  if (fault.what === 'pointer-loop') return withPointerLoop(proper)
  const length = fault.bytes ?? defaultGarbageBytes
  const bytes = Buffer.from(Array.from({ length }, () => Math.floor(random() * 256)))
  // The id and the flags.
  if (fault.header !== false) proper.copy(bytes, 0, 0, 4)
  return bytes
}

/** Adds an A record whose name is a pointer to where it stands itself. */
function withPointerLoop(head: Buffer): Buffer {
  const name = 0xc000 | head.length
  const record = [name >> 8, name & 0xff, 0, 1, 0, 1, 0, 0, 0, 30, 0, 4, 127, 0, 0, 1]
  const bytes = Buffer.concat([head, Buffer.from(record)])
  bytes.writeUInt16BE(1, answerCountAt)
  return bytes
}

function packetOf(
  query: DnsQuery,
  rcode: Rcode,
  sections: { readonly answers?: Answer[]; readonly authorities?: Answer[] },
): Packet {
  const desired = query.isRecursionDesired ? RECURSION_DESIRED : 0
  const edns: Answer[] =
    query.udpPayloadSize === undefined
      ? []
      : [
          {
            type: 'OPT',
            name: '.',
            udpPayloadSize: ownPayloadSize,
            extendedRcode: 0,
            ednsVersion: 0,
            flags: 0,
            flag_do: false,
            options: [],
          },
        ]
  return {
    type: 'response',
    id: query.id,
    flags: RECURSION_AVAILABLE | desired | rcodes[rcode],
    questions: [query.question],
    ...sections,
    additionals: edns,
  }
}

function soaRecord(name: string, { minimum = defaultMinimum, ttl = minimum }: SoaOptions): Answer {
  const zone = plainName(name).split('.').at(-1) || '.'
  const data = {
    mname: 'ns.faulty',
    rname: 'nobody.faulty',
    serial: 1,
    refresh: 3_600,
    retry: 600,
    expire: 86_400,
    minimum,
  }
  return { type: 'SOA', name: zone, ttl, class: 'IN', data }
}
