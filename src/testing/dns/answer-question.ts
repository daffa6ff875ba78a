import type { StringAnswer } from 'dns-packet'
import { plainName } from './domain-name.ts'
import type { ZoneLook, ZoneState } from './zones.ts'

/** Codes of answers that the server sends (RFC 1035 §4.1.1). */
export const rcodes = {
  noerror: 0,
  formerr: 1,
  servfail: 2,
  nxdomain: 3,
  notimp: 4,
  refused: 5,
} as const

export type Rcode = keyof typeof rcodes

/** What a question gets, before it is put into bytes. */
export interface ZoneAnswer {
  readonly rcode: Rcode
  readonly records: readonly StringAnswer[]
  /** A negative answer, which carries the SOA. */
  readonly negative: boolean
}

const defaultTtl = 30
/** A chain this long is followed to its end. */
const maxLinks = 16

/**
 * Answers as a recursive server does: the CNAMEs on the way, then the records; the code is that of the last name
 * (RFC 6604). A loop is walked once and ends without records.
 */
export function answerQuestion(
  name: string,
  type: string,
  look: (name: string) => ZoneLook,
): ZoneAnswer {
  const records: StringAnswer[] = []
  const seen = new Set<string>()
  let owner = name
  for (let link = 0; link <= maxLinks; link++) {
    const plain = plainName(owner)
    const found = look(plain)
    if (found.kind === 'unknown') return { rcode: 'nxdomain', records, negative: true }
    if (found.kind === 'empty') break
    const { CNAME } = found.state
    if (CNAME === undefined || type === 'CNAME') {
      const own = recordsOf(owner, type, found.state)
      return { rcode: 'noerror', records: [...records, ...own], negative: own.length === 0 }
    }
    if (seen.has(plain)) break
    seen.add(plain)
    records.push(...recordsOf(owner, 'CNAME', found.state))
    owner = plainName(CNAME)
  }
  return { rcode: 'noerror', records, negative: true }
}

function recordsOf(name: string, type: string, state: ZoneState): readonly StringAnswer[] {
  const { A = [], AAAA = [], CNAME, ttl = defaultTtl } = state
  const shared = { name, ttl, class: 'IN' } as const
  switch (type) {
    case 'A':
      return A.map((data) => ({ ...shared, type, data }))
    case 'AAAA':
      return AAAA.map((data) => ({ ...shared, type, data }))
    case 'CNAME':
      return CNAME === undefined ? [] : [{ ...shared, type, data: plainName(CNAME) }]
    default:
      return []
  }
}
