import type { Attempt } from './attempt.ts'
import type { TryError } from './try-error.ts'
import { staleCode } from './wire.ts'

const closedCodes = new Set([staleCode, 'connection_closed', 'ECONNRESET', 'EPIPE'])
const connectPhases: ReadonlySet<string> = new Set(['dns', 'connect', 'tls'])

/** A kept-alive socket that the server had closed while it was idle: a fresh one will do. */
export function isStale(error: TryError, attempt: Attempt): boolean {
  return attempt.socketReused && !attempt.answerStarted && closedCodes.has(error.code)
}

/** No connection came about, so nothing was sent. */
export function failedToConnect(attempt: Attempt): boolean {
  return connectPhases.has(attempt.phase)
}

/** Whether the failure speaks against the node: it cannot be reached, or does not answer in time. */
export function shouldCool(error: TryError, attempt: Attempt): boolean {
  if (error.code === 'aborted' || error.code === 'sockets_busy') return false
  return error.timedOut || failedToConnect(attempt)
}
