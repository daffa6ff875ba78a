import type { ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import type { Answer } from './answer.ts'
import type { Gate } from './gate.ts'

/** What goes back to the client. */
export type Reply =
  | { readonly kind: 'answer'; readonly answer: Answer }
  /** Headers and the first bytes of the body, then silence or a FIN. */
  | {
      readonly kind: 'part'
      readonly answer: Answer
      readonly keepBytes: number
      readonly then: 'silence' | 'fin'
    }
  | { readonly kind: 'silence' }
  | { readonly kind: 'rst' }
  | { readonly kind: 'fin' }

/** Status that a reply will show, for the record. */
export function statusOf(reply: Reply): number | 'none' {
  return reply.kind === 'answer' || reply.kind === 'part' ? reply.answer.status : 'none'
}

/** Sends it. Without effect on a connection that is gone. */
export function sendReply(reply: Reply, response: ServerResponse, gate: Gate, gzip: boolean): void {
  switch (reply.kind) {
    case 'answer':
      sendAnswer(reply.answer, response, gzip)
      break
    case 'part':
      sendPart(reply.answer, reply.keepBytes, response, () =>
        reply.then === 'fin' ? gate.finish() : gate.die(),
      )
      break
    case 'silence':
      gate.die()
      break
    case 'rst':
      gate.reset()
      break
    case 'fin':
      gate.finish()
  }
}

function sendAnswer(answer: Answer, response: ServerResponse, gzip: boolean): void {
  prepare(answer, response)
  const isPacked = gzip && answer.body !== ''
  const body = isPacked ? gzipSync(answer.body, { level: 3 }) : Buffer.from(answer.body)
  if (isPacked) response.setHeader('content-encoding', 'gzip')
  // Elasticsearch streams the answers that it builds as it goes, and measures the rest.
  if (answer.items === undefined) response.setHeader('content-length', body.length)
  else response.setHeader('transfer-encoding', 'chunked')
  response.end(body)
}

function sendPart(
  answer: Answer,
  keepBytes: number,
  response: ServerResponse,
  then: () => void,
): void {
  prepare(answer, response)
  const body = Buffer.from(answer.body)
  response.setHeader('content-length', body.length)
  response.write(body.subarray(0, keepBytes), then)
}

function prepare(answer: Answer, response: ServerResponse): void {
  response.sendDate = false
  // Elasticsearch says nothing about connections that stay open.
  response.removeHeader('connection')
  response.statusCode = answer.status
  for (const [name, value] of Object.entries(answer.headers)) {
    response.setHeader(name, typeof value === 'string' ? value : [...value])
  }
}
