import type { ZoneAnswer } from './answer-question.ts'
import { answerQuestion } from './answer-question.ts'
import type { QueryPlan } from './dns-fault-list.ts'
import { isSendable } from './domain-name.ts'
import type { DnsQuery } from './read-query.ts'
import type { SoaOptions, WrittenAnswer } from './write-answer.ts'
import { udpLimit, writeAnswer, writeGarbage, writeTruncated } from './write-answer.ts'
import type { ZoneLook } from './zones.ts'

/** What a reply depends on besides the query and its faults. */
export interface ReplyContext {
  readonly transport: 'udp' | 'tcp'
  readonly soa: SoaOptions | false
  look(name: string): ZoneLook
}

/** What goes back: bytes, what stands in them (undefined for garbage), and the bytes that may follow. */
export interface Reply {
  readonly bytes: Buffer
  readonly written: WrittenAnswer | undefined
  readonly right: { readonly bytes: Buffer; readonly afterMs: number } | undefined
}

type Answering = Extract<QueryPlan, { kind: 'answered' }>

/** What a message over TCP can hold. */
const maxTcpBytes = 65_535
/** Turns an id into another one, and any two into two. */
const idMask = 0x5a5a

/** Makes the reply to a question, as its faults want it. */
export function makeReply(query: DnsQuery, plan: Answering, context: ReplyContext): Reply {
  const { look, transport } = context
  const maxBytes = transport === 'udp' ? udpLimit(query) : maxTcpBytes
  const soa = withTtl(context.soa, plan.ttl)
  const write = (content: ZoneAnswer, to = query): WrittenAnswer =>
    writeAnswer(to, content, { soa, maxBytes })
  const found = answerQuestion(query.name, query.type, look)
  const answer = { ...found, records: found.records.map((record) => withTtl(record, plan.ttl)) }
  const right = write(answer)
  if (!plan.answer) return reply(right)
  const { fault, random } = plan.answer
  switch (fault.kind) {
    case 'servfail':
    case 'refused':
    case 'formerr':
    case 'notimp':
      return reply(write({ rcode: fault.kind, records: [], negative: false }))
    case 'nxdomain':
      return reply(write({ rcode: 'nxdomain', records: [], negative: true }))
    case 'nodata':
      return reply(write({ rcode: 'noerror', records: [], negative: true }))
    case 'truncate':
      return reply(writeTruncated(query, right.rcode))
    case 'wrong-id':
      return reply(write(answer, { ...query, id: query.id ^ idMask }), right, fault.rightAfterMs)
    case 'wrong-question':
      return reply(writeForOther(query, answer, write), right, fault.rightAfterMs)
    case 'garbage': {
      const bytes = writeGarbage(query, fault, random)
      return { bytes, written: undefined, right: follow(right, fault.rightAfterMs) }
    }
  }
}

function reply(written: WrittenAnswer, right?: WrittenAnswer, rightAfterMs?: number): Reply {
  return { bytes: written.bytes, written, right: right && follow(right, rightAfterMs) }
}

const follow = (right: WrittenAnswer, afterMs: number | undefined): Reply['right'] =>
  afterMs === undefined ? undefined : { bytes: right.bytes, afterMs }

/** The same answer to a question that nobody asked. */
function writeForOther(
  query: DnsQuery,
  answer: ZoneAnswer,
  write: (answer: ZoneAnswer, to: DnsQuery) => WrittenAnswer,
): WrittenAnswer {
  const longer = `not-${query.name}`
  const name = query.name !== '.' && isSendable(longer) ? longer : 'not.test'
  const records = answer.records.map((record) =>
    record.name === query.name ? { ...record, name } : record,
  )
  return write({ ...answer, records }, { ...query, name, question: { ...query.question, name } })
}

function withTtl<T extends object | false>(holder: T, ttl: number | undefined): T {
  return holder === false || ttl === undefined ? holder : { ...holder, ttl }
}
