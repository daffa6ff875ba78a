import type { IncomingHttpHeaders } from 'node:http'
import type { Exchange, ExchangeFacts, ItemAnswer } from '../core/exchange.ts'
import { capReason } from '../core/failure.ts'
import { readItems } from './read-items.ts'
import { readRefusal, textOf } from './read-refusal.ts'
import { readStored } from './read-stored.ts'
import type { Redact } from './redact.ts'
import { parseRetryAfter } from './retry-after.ts'

export interface Answer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  /** The body ends before its end. */
  readonly truncated: boolean
}

/** What was asked. */
export interface Asked {
  /** Documents sent. */
  readonly count: number
  readonly withIndex: boolean
  /** Wall clock, for a `Retry-After` that is a date. */
  readonly wallNowMs: number
  readonly redact: Redact
}

type WithoutFacts<T> = T extends unknown ? Omit<T, keyof ExchangeFacts> : never

/** An exchange without what is known of its way. */
export type Outcome = WithoutFacts<Exchange>

/**
 * What an answer of any status says.
 *
 * | answer | outcome |
 * |---|---|
 * | 200, JSON, one item with a status per document | answered |
 * | 200 otherwise, any other 2xx | broken, `bad_answer` |
 * | all others | refused |
 */
export function readAnswer(answer: Answer, asked: Asked): Outcome {
  const { status } = answer
  if (status >= 300) return refused(answer, asked)
  if (status !== 200) return badAnswer(answer, asked, `status ${status}`)
  if (answer.truncated) return badAnswer(answer, asked, 'longer than is read')
  const stored = asked.withIndex ? undefined : readStored(answer.body, asked.count)
  if (stored !== undefined) return { kind: 'answered', items: stored }
  const items = parseItems(answer.body, asked)
  return typeof items === 'string' ? badAnswer(answer, asked, items) : { kind: 'answered', items }
}

/** The items, or what is wrong with the answer. */
function parseItems(body: Buffer, asked: Asked): readonly ItemAnswer[] | string {
  if (body.length === 0) return 'an empty answer'
  let parsed: unknown
  try {
    parsed = JSON.parse(body.toString())
  } catch {
    return 'no JSON'
  }
  return readItems(parsed, asked)
}

function badAnswer(answer: Answer, asked: Asked, problem: string): Outcome {
  const words = textOf(answer.body, asked.redact)
  const message = `${problem}, where ${asked.count} items were expected`
  return {
    kind: 'broken',
    phase: 'http',
    code: 'bad_answer',
    message: capReason(words === '' ? message : `${message}: ${words}`),
    bodyStarted: true,
    status: answer.status,
  }
}

function refused(answer: Answer, asked: Asked): Outcome {
  const retryAfterMs = parseRetryAfter(answer.headers['retry-after'], asked.wallNowMs)
  return {
    kind: 'refused',
    status: answer.status,
    ...readRefusal(answer.body, asked.redact),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  }
}
