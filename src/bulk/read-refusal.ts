import { capReason } from '../core/failure.ts'
import { isRecord, readError } from './read-error.ts'
import type { Redact } from './redact.ts'

/** How much of a page is looked at. */
const maxTextBytes = 16_384

/** Why the whole request was refused. */
export interface Refusal {
  readonly type?: string
  /** Empty where the server sent no words. */
  readonly reason: string
}

/** Reads the body of a refusal: Elasticsearch's JSON, another's JSON, a page of a proxy, text, or nothing. */
export function readRefusal(body: Buffer, redact: Redact): Refusal {
  const parsed = parseJson(body)
  if (!isRecord(parsed)) return { reason: textOf(body, redact) }
  const { error, message, Message } = parsed
  if (isRecord(error) || typeof error === 'string') {
    const { causes, ...refusal } = readError(error, redact)
    return refusal
  }
  // The gateways of cloud providers.
  const words = [message, Message].find((one) => typeof one === 'string')
  return { reason: words === undefined ? textOf(body, redact) : capReason(redact(words)) }
}

/** The words of a page or text: its title, else its first words. At most 512 bytes, on one line. */
export function textOf(body: Buffer, redact: Redact): string {
  const text = body.toString('utf8', 0, maxTextBytes)
  const title = /<title[^>]*>([^<]*)<\/title>/i.exec(text)?.[1]?.trim()
  const isPage = /^\s*<(?:!doctype|html|head|body|\?xml)/i.test(text)
  const words = title || (isPage ? text.replace(/<[^>]*>/g, ' ') : text)
  return capReason(redact(words.replace(/\s+/g, ' ').trim()))
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch {
    return undefined
  }
}
