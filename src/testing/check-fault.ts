import type { Fault, FaultKind } from './fault.ts'
import { faultKinds } from './fault.ts'

const positive = (value: number): boolean => value > 0
const notNegative = (value: number): boolean => value >= 0
const whole = (value: number): boolean => Number.isInteger(value) && value >= 1
const share = (value: number): boolean => value >= 0 && value <= 1
const status = (value: number): boolean => Number.isInteger(value) && value >= 100 && value <= 999

/** Numbers by name, wherever they stand in a fault, with what each must be. */
const rules: Readonly<Record<string, readonly [(value: number) => boolean, string]>> = {
  every: [whole, 'a whole number from 1'],
  everyNth: [whole, 'a whole number from 1'],
  times: [whole, 'a whole number from 1'],
  count: [whole, 'a whole number from 1'],
  afterMs: [notNegative, 'a number of ms, 0 or more'],
  forMs: [notNegative, 'a number of ms, 0 or more'],
  delayMs: [notNegative, 'a number of ms, 0 or more'],
  minBytes: [notNegative, 'a number of bytes, 0 or more'],
  maxBytes: [notNegative, 'a number of bytes, 0 or more'],
  keepBytes: [notNegative, 'a number of bytes, 0 or more'],
  afterBytes: [notNegative, 'a number of bytes, 0 or more'],
  bytesPerSecond: [positive, 'a number of bytes above 0'],
  probability: [share, 'a number from 0 to 1'],
  fraction: [share, 'a number from 0 to 1'],
  status: [status, 'a status from 100 to 999'],
}
const required: Partial<Record<FaultKind, string>> = {
  status: 'status',
  items: 'status',
  'too-large': 'maxBytes',
}

/** Throws TypeError, naming the fault, for one that could never do what it says. */
export function checkFault(fault: Fault): void {
  const refuse = (why: string): never => {
    throw new TypeError(`${why}, in the fault ${JSON.stringify(fault)}`)
  }
  if (!faultKinds.includes(fault.kind)) refuse(`unknown kind ${JSON.stringify(fault.kind)}`)
  const fields: Record<string, unknown> = { ...fault, ...fault.when }
  const needed = required[fault.kind]
  if (needed !== undefined && fields[needed] === undefined) refuse(`${needed} is missing`)
  for (const [name, value] of Object.entries(fields)) {
    const rule = rules[name]
    // `count` of too-large is a word.
    if (!rule || (name === 'count' && fault.kind === 'too-large')) continue
    if (typeof value !== 'number' || !rule[0](value)) refuse(`${name} must be ${rule[1]}`)
  }
  checkRequests(fault, refuse)
}

function checkRequests(fault: Fault, refuse: (why: string) => never): void {
  const requests = fault.when?.requests
  if (requests === undefined) return
  const [from, to] = requests
  if (!whole(from) || (to !== undefined && !(Number.isInteger(to) && to >= from))) {
    refuse('requests must be [from, to] with 1 ≤ from ≤ to')
  }
}
