import type { Question } from 'dns-packet'
import { decode } from 'dns-packet'
import { isSendable } from './domain-name.ts'

/** A question as a client asked it. */
export interface DnsQuery {
  readonly id: number
  /** As it came, upper case and all. */
  readonly name: string
  /** `A`, `AAAA`, `UNKNOWN_65` … */
  readonly type: string
  readonly question: Question
  readonly isRecursionDesired: boolean
  /** How many bytes the client takes over UDP (EDNS); undefined where it did not say. */
  readonly udpPayloadSize: number | undefined
}

/** What came in: a question; something else with a readable head, whose sender gets FORMERR; or nothing to answer. */
export type Reading =
  | { readonly kind: 'query'; readonly query: DnsQuery }
  | { readonly kind: 'malformed'; readonly id: number }
  | { readonly kind: 'not-a-query' }

const headerBytes = 12
/** A query may carry OPT and a signature, no more. */
const maxExtras = 4

/** Reads one message. Never throws. */
export function readQuery(bytes: Buffer): Reading {
  if (bytes.length < headerBytes || ((bytes[2] ?? 0) & 0x80) !== 0) return { kind: 'not-a-query' }
  const id = bytes.readUInt16BE(0)
  // The parser makes room for as many records as the head claims, before it looks for them.
  const [questions, ...extras] = [4, 6, 8, 10].map((at) => bytes.readUInt16BE(at))
  if (questions !== 1 || extras.some((count) => count > maxExtras)) return { kind: 'malformed', id }
  try {
    const { questions: [question] = [], additionals = [], flag_rd } = decode(bytes)
    if (!(question && isSendable(question.name))) return { kind: 'malformed', id }
    const { name, type } = question
    const edns = additionals.find((record) => record.type === 'OPT')
    const udpPayloadSize = edns && Math.max(512, edns.udpPayloadSize)
    return {
      kind: 'query',
      query: { id, name, type, question, isRecursionDesired: flag_rd, udpPayloadSize },
    }
  } catch {
    return { kind: 'malformed', id }
  }
}
