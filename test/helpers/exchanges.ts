import type { Exchange, ExchangeFacts, ItemAnswer } from '../../src/core/exchange.ts'

/** What is known of an exchange with a node on a fresh connection. */
export const facts: ExchangeFacts = {
  node: 'http://127.0.0.1:9200',
  address: '127.0.0.1:9200',
  phases: { dnsMs: 0, connectMs: 1, tlsMs: 0, writeMs: 1, waitMs: 2, readMs: 1 },
  socketReused: false,
  earlierBodyStarted: false,
}

type Kind<K extends Exchange['kind']> = Partial<Extract<Exchange, { kind: K }>>

/** An answer item by item; a number is an item with that status and no more. */
export function answered(
  items: readonly (number | ItemAnswer)[],
  more: Partial<ExchangeFacts> = {},
): Exchange {
  const full = items.map((item) => (typeof item === 'number' ? { status: item } : item))
  return { ...facts, ...more, kind: 'answered', items: full }
}

/** All `count` documents stored. */
export function storedAll(count: number): Exchange {
  return answered(new Array<number>(count).fill(201))
}

export function refused(status: number, more: Kind<'refused'> = {}): Exchange {
  return { ...facts, kind: 'refused', status, reason: `refused with ${status}`, ...more }
}

/** No answer; unless told otherwise nothing had been sent. */
export function broken(code = 'ECONNREFUSED', more: Kind<'broken'> = {}): Exchange {
  const usual = { phase: 'connect', message: code, bodyStarted: false } as const
  return { ...facts, kind: 'broken', code, ...usual, ...more }
}
