import type { Phase } from '../core/failure.ts'
import { capReason } from '../core/failure.ts'

/**
 * Why one try brought no answer. The name is unknown to the Elastic client, which therefore throws it on as it is:
 * the errors that it knows are rebuilt without code and cause.
 */
export class TryError extends Error {
  override readonly name = 'TryError'
  readonly code: string
  /** Where it happened, if that is not where the try had got to. */
  readonly phase: Phase | undefined

  constructor(code: string, message: string, more: { phase?: Phase; cause?: unknown } = {}) {
    super(capReason(message), { cause: more.cause })
    this.code = code
    this.phase = more.phase
  }

  /** One of our own deadlines. */
  get timedOut(): boolean {
    return this.code.endsWith('_timeout')
  }
}

/**
 * Any error of Node, OpenSSL or undici as a `TryError` with a code that stays: errno and TLS codes are kept,
 * undici's and llhttp's become `connection_closed` (no answer had begun) or `bad_answer`.
 */
export function toTryError(error: unknown, at: Phase): TryError {
  if (error instanceof TryError) return error
  const code = codeOf(error)
  const cause = error
  if (code === 'UND_ERR_SOCKET' && at !== 'read') {
    return new TryError('connection_closed', 'the server closed the connection without an answer', {
      cause,
    })
  }
  if (code === 'UND_ERR_SOCKET' || code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH') {
    return new TryError('bad_answer', 'the answer was cut off', { phase: 'read', cause })
  }
  if (/^HPE_|^HTTPParserError$|^UND_ERR_HEADERS_OVERFLOW$/.test(code)) {
    return new TryError('bad_answer', 'the answer is not proper HTTP', {
      phase: 'read',
      cause,
    })
  }
  // A server that wants a client certificate says so after the handshake (TLS 1.3), in place of an answer.
  const phase: Phase = /^ERR_(?:SSL|TLS|OSSL)_/.test(code) ? 'tls' : at
  return new TryError(code, messageOf(error) || code, { phase, cause })
}

/** What `signal` was aborted with. */
export function reasonOf(signal: AbortSignal): TryError {
  return toTryError(signal.reason, 'connect')
}

/** The errors of an `AggregateError`, which Node throws when each of a name's addresses failed. */
function partsOf(error: object): readonly object[] {
  const parts = 'errors' in error && Array.isArray(error.errors) ? error.errors : []
  return parts.filter((part): part is object => typeof part === 'object' && part !== null)
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'unknown_error'
  for (const one of [error, ...partsOf(error)]) {
    if ('code' in one && typeof one.code === 'string') return one.code
  }
  return error instanceof Error ? error.name : 'unknown_error'
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return ''
  if (error.message !== '') return error.message
  return partsOf(error)
    .map((part) => (part instanceof Error ? part.message : ''))
    .join('; ')
}
