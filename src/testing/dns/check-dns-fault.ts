import type { DnsFault, DnsFaultKind } from './dns-fault.ts'
import { dnsFaultKinds } from './dns-fault.ts'

const notNegative = (value: number): boolean => value >= 0
const whole = (value: number): boolean => Number.isInteger(value) && value >= 1
const share = (value: number): boolean => value >= 0 && value <= 1
const within =
  (most: number) =>
  (value: number): boolean =>
    Number.isInteger(value) && value >= 0 && value <= most

const milliseconds = [notNegative, 'a number of ms, 0 or more'] as const

/** Numbers by name, wherever they stand in a fault, with what each must be. */
const rules: Readonly<Record<string, readonly [(value: number) => boolean, string]>> = {
  every: [whole, 'a whole number from 1'],
  times: [whole, 'a whole number from 1'],
  afterMs: milliseconds,
  forMs: milliseconds,
  delayMs: milliseconds,
  withinMs: milliseconds,
  answerDelayMs: milliseconds,
  rightAfterMs: milliseconds,
  flowMs: milliseconds,
  probability: [share, 'a number from 0 to 1'],
  fraction: [share, 'a number from 0 to 1'],
  ttl: [within(2 ** 31 - 1), 'a number of seconds from 0 to 2147483647'],
  bytes: [within(65_535), 'a number of bytes from 0 to 65535'],
}
const required: Partial<Record<DnsFaultKind, string>> = { loss: 'fraction', delay: 'delayMs' }

/** What `when` may hold for silence, which knows no difference between queries. */
const ofSilence = ['queries', 'afterMs', 'forMs']

/** Throws TypeError, naming the fault, for one that could never do what it says. */
export function checkDnsFault(fault: DnsFault): void {
  const refuse = (why: string): never => {
    throw new TypeError(`${why}, in the fault ${JSON.stringify(fault)}`)
  }
  if (!dnsFaultKinds.includes(fault.kind)) refuse(`unknown kind ${JSON.stringify(fault.kind)}`)
  const fields: Record<string, unknown> = { ...fault, ...fault.when }
  const needed = required[fault.kind]
  if (needed !== undefined && fields[needed] === undefined) refuse(`${needed} is missing`)
  for (const [name, value] of Object.entries(fields)) {
    const rule = rules[name]
    if (!rule) continue
    if (typeof value !== 'number' || !rule[0](value)) refuse(`${name} must be ${rule[1]}`)
  }
  const strange = Object.keys(fault.when ?? {}).find((name) => !ofSilence.includes(name))
  if (fault.kind === 'silence' && strange !== undefined) {
    refuse(`silence is for all queries and knows no ${strange}; use drop`)
  }
  checkQueries(fault, refuse)
}

function checkQueries(fault: DnsFault, refuse: (why: string) => never): void {
  const queries = fault.when?.queries
  if (queries === undefined) return
  const [from, to] = queries
  if (!whole(from) || (to !== undefined && !(Number.isInteger(to) && to >= from))) {
    refuse('queries must be [from, to] with 1 ≤ from ≤ to')
  }
}
