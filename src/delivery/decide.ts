import type { Batch } from '../core/batch.ts'
import type { Exchange } from '../core/exchange.ts'
import type { Failure } from '../core/failure.ts'
import { decideItem } from './decide-item.ts'
import type { Decision, Health, Memory, Verdict } from './verdict.ts'

/** Codes of a peer that is not trusted, or that does not trust us: a person has to look. */
const trustFailures = new Set([
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REVOKED',
  'CERT_REJECTED',
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'HOSTNAME_MISMATCH',
  'ca_fingerprint_mismatch',
])

/** A `Retry-After` is honoured for so long. */
const longestPauseMs = 5 * 60_000

/** So many lines refused, each alone, with none passed: the fault is not in the lines. */
const refusalsToHold = 3

/** Asked for too much at once, not refused: these prove a healthy server, 5xx do not. */
const later = new Set([408, 425, 429])

/**
 * What each answer means for each document: the table of outcomes.
 *
 * | whole answer | verdict | health |
 * |---|---|---|
 * | item by item | see `decideItem` | well |
 * | no answer, or none that can be one | again | ill |
 * | certificate not trusted | again | access |
 * | 5xx and above | again | ill |
 * | cluster block (403, 429) | again | well |
 * | 408 425 429 | again | well, congested |
 * | 401 407 403 | again | access |
 * | 413, 400 | trial; dead letter when alone for the second time, and others passed in between | well |
 * | 413, 400 for a third line alone, and none passed | trial | target |
 * | "no handler", other 3xx and 4xx | again | target |
 */
export function decide(exchange: Exchange, batch: Batch, memory: Memory): Decision {
  switch (exchange.kind) {
    case 'answered': {
      const verdicts = exchange.items.map((item) => decideItem(item, batch, memory))
      return {
        verdicts,
        health: 'well',
        failure: undefined,
        ambiguous: exchange.earlierBodyStarted,
        congested: exchange.items.some((item) => item.status === 429 && !isBlock(item.type)),
      }
    }
    case 'broken': {
      const trust = trustFailures.has(exchange.code)
      const { code, phase, message, status } = exchange
      return whole(batch, {
        to: 'again',
        health: trust ? 'access' : 'ill',
        because: { code, phase, message, retryable: !trust, ...(status && { status }) },
        ambiguous: exchange.bodyStarted || exchange.earlierBodyStarted,
        congested: code.endsWith('_timeout'),
      })
    }
    case 'refused':
      return decideRefused(exchange, batch, memory)
  }
}

type Refused = Extract<Exchange, { kind: 'refused' }>

function decideRefused(exchange: Refused, batch: Batch, memory: Memory): Decision {
  const { status, type, reason, retryAfterMs } = exchange
  const { health, to } = ruleFor(exchange, batch, memory)
  const pauseMs = retryAfterMs !== undefined && Math.min(retryAfterMs, longestPauseMs)
  const because: Failure = {
    code: type ?? `http_${status}`,
    phase: 'http',
    status,
    message: reason,
    retryable: health === 'well' || health === 'ill',
    ...(pauseMs !== false && { retryAfterMs: pauseMs }),
  }
  return whole(batch, {
    to,
    health,
    because,
    // The server starts storing while the body arrives: a 400 or a 429 does not mean that nothing was stored.
    ambiguous: true,
    congested: status === 429 && !isBlock(type),
  })
}

function ruleFor(
  { status, type, reason }: Refused,
  batch: Batch,
  memory: Memory,
): { health: Health; to: 'again' | 'trial' | 'deadLetter' } {
  if (status >= 500) return { health: 'ill', to: 'again' }
  if (isBlock(type) || later.has(status)) return { health: 'well', to: 'again' }
  if (status === 401 || status === 403 || status === 407) return { health: 'access', to: 'again' }
  const oneLine = status === 413 || (status === 400 && !reason.startsWith('no handler found'))
  if (!oneLine) return { health: 'target', to: 'again' }
  if (refusesAll(batch, memory)) return { health: 'target', to: 'trial' }
  return { health: 'well', to: othersPassed(batch, memory) ? 'deadLetter' : 'trial' }
}

function refusesAll(batch: Batch, memory: Memory): boolean {
  const another = batch.count === 1 && batch.history.trialMark === undefined ? 1 : 0
  return memory.refusedAlone + another >= refusalsToHold
}

/** A document that was refused alone is given up only once others have passed: else the fault is not in the line. */
function othersPassed(batch: Batch, memory: Memory): boolean {
  const { trialMark } = batch.history
  return trialMark !== undefined && memory.passed > trialMark
}

function whole(
  batch: Batch,
  all: {
    to: 'again' | 'trial' | 'deadLetter'
    health: Health
    because: Failure
    ambiguous: boolean
    congested: boolean
  },
): Decision {
  const verdict: Verdict = { to: all.to, because: all.because }
  return {
    verdicts: new Array<Verdict>(batch.count).fill(verdict),
    health: all.health,
    failure: all.because,
    ambiguous: all.ambiguous,
    congested: all.congested,
  }
}

function isBlock(type: string | undefined): boolean {
  return type === 'cluster_block_exception'
}
