/** Where something happened, in curl's words. `item` is the answer to one document, `spool` the disk. */
export const phases = [
  'dns',
  'connect',
  'tls',
  'write',
  'wait',
  'read',
  'http',
  'item',
  'spool',
] as const

export type Phase = (typeof phases)[number]

/** What went wrong, as data. Expected trouble is never thrown. */
export interface Failure {
  /** Stable: an errno or TLS code (`ECONNREFUSED`), one of ours (`response_timeout`, `bad_answer`), or Elasticsearch's `error.type`. */
  readonly code: string
  readonly phase: Phase
  /** May the same bytes succeed later? */
  readonly retryable: boolean
  /** For people; at most 512 bytes of it come from a server. */
  readonly message: string
  /** HTTP status, of the whole answer or of the item. */
  readonly status?: number
  readonly retryAfterMs?: number
  readonly cause?: unknown
}

/** How much of a server's words is ever repeated, in UTF-8 bytes: a reason can quote a whole document. */
export const maxReasonBytes = 512

/** `text`, cut to `maxReasonBytes` at a character boundary, with `…` where something is missing. */
export function capReason(text: string): string {
  const bytes = Buffer.from(text)
  if (bytes.length <= maxReasonBytes) return text
  let end = maxReasonBytes - 3
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--
  return `${bytes.toString('utf8', 0, end)}…`
}
