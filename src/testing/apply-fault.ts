import type { Answer } from './answer.ts'
import { htmlAnswer, jsonAnswer, refusal, tooLarge } from './answer.ts'
import type { StatusFault } from './fault.ts'
import type { AnswerFault } from './fault-list.ts'
import type { Reply } from './reply.ts'
import { usualWholeError } from './usual-error.ts'

/**
 * Handles the request as a healthy server would. `documents`: how many, from the first, are stored.
 * `missingItems`: entries left out at the end of the list.
 */
export type Perform = (how?: {
  readonly documents?: number
  readonly missingItems?: number
}) => Answer

/** What a request is answered with under a fault; with none, what `perform` says. */
export function applyFault(
  fault: AnswerFault | undefined,
  perform: Perform,
  documents: number,
): Reply {
  if (!fault) return { kind: 'answer', answer: perform() }
  /** The normal answer, stored or only made up. */
  const performed = (store: boolean): Answer => perform(store ? {} : { documents: 0 })
  const storeIf = (store: boolean | undefined): void => {
    if (store) perform()
  }
  switch (fault.kind) {
    case 'hang':
      storeIf(fault.store)
      return { kind: 'silence' }
    case 'hang-body':
      return part(performed(fault.store ?? true), fault.keepBytes, 'silence')
    case 'store-then-reset':
      perform()
      return { kind: fault.how ?? 'rst' }
    case 'status':
      storeIf(fault.store)
      return { kind: 'answer', answer: statusAnswer(fault) }
    case 'html':
      storeIf(fault.store)
      return { kind: 'answer', answer: htmlAnswer(fault.status ?? 502) }
    case 'truncated': {
      const answer = performed(fault.store ?? true)
      if (fault.mode !== 'json') return part(answer, fault.keepBytes, 'fin')
      const kept = Buffer.from(answer.body).subarray(0, keptBytes(answer, fault.keepBytes))
      return { kind: 'answer', answer: { ...answer, body: kept.toString() } }
    }
    case 'short-items': {
      const count = fault.count ?? 1
      const stored = fault.store ? documents : Math.max(0, documents - count)
      return { kind: 'answer', answer: perform({ documents: stored, missingItems: count }) }
    }
    case 'long-items':
      return { kind: 'answer', answer: perform({ missingItems: -(fault.count ?? 1) }) }
    case 'too-large': {
      const html = {
        ...htmlAnswer(413),
        headers: { ...htmlAnswer(413).headers, connection: 'close' },
      }
      return { kind: 'answer', answer: fault.body === 'html' ? html : tooLarge }
    }
    case 'empty-200':
      storeIf(fault.store)
      return { kind: 'answer', answer: { ...jsonAnswer(200, {}), body: '' } }
  }
}

function part(answer: Answer, keepBytes: number | undefined, then: 'silence' | 'fin'): Reply {
  return { kind: 'part', answer, keepBytes: keptBytes(answer, keepBytes), then }
}

/** Always short of the whole. */
function keptBytes(answer: Answer, wanted: number | undefined): number {
  const bytes = Buffer.byteLength(answer.body)
  return Math.max(0, Math.min(wanted ?? Math.floor(bytes / 2), bytes - 1))
}

function statusAnswer(fault: StatusFault): Answer {
  const answer = statusBody(fault)
  const retryAfter =
    fault.retryAfter === undefined ? {} : { 'retry-after': retryText(fault.retryAfter) }
  return { ...answer, headers: { ...answer.headers, ...retryAfter, ...fault.headers } }
}

function statusBody(fault: StatusFault): Answer {
  const { status, body = 'json' } = fault
  switch (body) {
    case 'json':
      return withOddHeaders(refusal(status, usualWholeError(status, fault)))
    case 'html':
      return htmlAnswer(status)
    case 'empty':
      return { status, headers: {}, body: '' }
    default:
      return { status, headers: { 'content-type': 'text/plain' }, body }
  }
}

/** The headers of whole cluster blocks are not those of other refusals. */
function withOddHeaders(answer: Answer): Answer {
  if (!answer.body.includes('"cluster_block_exception"')) return answer
  const { 'x-elastic-product': product = '', ...others } = answer.headers
  if (answer.status === 403) return { ...answer, headers: others }
  const app = { 'x-elastic-app-exception': 'ClusterBlockException' }
  return { ...answer, headers: { ...others, 'x-elastic-product': product, ...app } }
}

function retryText(retryAfter: NonNullable<StatusFault['retryAfter']>): string {
  if (typeof retryAfter === 'number') return String(retryAfter)
  // HTTP dates have no milliseconds: rounded up, so that it is never too early.
  const seconds = Math.ceil(Date.now() / 1000 + retryAfter.dateInSeconds)
  return new Date(seconds * 1000).toUTCString()
}
