import { checkAuth } from './auth.ts'
import type { Check } from './check.ts'
import { dictionary, flag, oneOf, text, wholeNumber } from './checks.ts'
import { checkCloud } from './cloud-id.ts'
import { checkDns } from './dns.ts'
import { checkFingerprint } from './fingerprint.ts'
import { bareName, foreignAdvice } from './foreign-names.ts'
import type { Table, Values } from './group.ts'
import { group } from './group.ts'
import { checkHeaders } from './headers.ts'
import { checkIndexName } from './index-name.ts'
import { checkNodes } from './nodes.ts'
import { notAvailableYet } from './not-available-yet.ts'
import type {
  MemoryOptions,
  RetryOptions,
  SelfLogOptions,
  ShipperOptions,
  ShutdownOptions,
  TimeoutOptions,
} from './shipper-options.ts'
import { checkFields } from './static-fields.ts'
import { checkTls } from './tls.ts'

/** A check for every name of the interface, and for no other. */
type TableOf<T> = { readonly [N in keyof Required<T>]: Check<unknown> }

const any = Number.MAX_SAFE_INTEGER
const hourMs = 3_600_000
const milliseconds = (max: number) => wholeNumber('milliseconds', 1, max)
const bytes = (min: number, max = any) => wholeNumber('bytes', min, max)

const timeouts = {
  connectMs: milliseconds(600_000),
  responseMs: milliseconds(600_000),
  idleMs: milliseconds(600_000),
} as const satisfies TableOf<TimeoutOptions>

const retry = {
  minDelayMs: milliseconds(hourMs),
  maxDelayMs: milliseconds(hourMs),
} as const satisfies TableOf<RetryOptions>

const memory = {
  maxBytes: bytes(65_536),
  whenFull: oneOf(['drop_oldest', 'drop_newest', 'backpressure']),
} as const satisfies TableOf<MemoryOptions>

const selfLog = {
  stderr: flag,
  file: text('the name of a file'),
  maxBytes: bytes(65_536),
  minSeverity: oneOf(['info', 'warn', 'error']),
  repeatMs: milliseconds(hourMs),
  toElasticsearch: notAvailableYet(false),
} as const satisfies TableOf<SelfLogOptions>

const shutdown = {
  // thread-stream ends the worker after 10 s
  timeoutMs: milliseconds(9_000),
} as const satisfies TableOf<ShutdownOptions>

const top = {
  node: checkNodes,
  cloud: checkCloud,
  auth: checkAuth,
  tls: checkTls,
  caFingerprint: checkFingerprint,
  rejectUnauthorized: flag,
  index: checkIndexName,
  // 1,000 is what pino-elasticsearch's README sets
  flushBytes: bytes(1_000, 50_000_000),
  flushInterval: milliseconds(hourMs),
  opType: oneOf(['create'], () => 'what is sent twice must not be stored twice'),
  format: oneOf(['pino', 'ecs']),
  fields: checkFields,
  timestampKey: text('the name of a property'),
  messageKey: text('the name of a property'),
  levelKey: text('the name of a property'),
  levels: dictionary('an object of names and numbers', wholeNumber('', 0, any)),
  proxy: notAvailableYet(false),
  headers: checkHeaders,
  pipeline: text('the name of an ingest pipeline'),
  flushItems: wholeNumber('documents', 1, 100_000),
  concurrency: wholeNumber('requests', 1, 64),
  compression: oneOf(['gzip', 'none'], (value) =>
    typeof value === 'boolean' ? `here ${value} is '${value ? 'gzip' : 'none'}'` : undefined,
  ),
  timeouts: group(timeouts),
  retry: group(retry),
  memory: group(memory),
  spool: notAvailableYet(),
  deadLetter: notAvailableYet(false),
  dns: checkDns,
  selfLog: group(selfLog),
  alerts: notAvailableYet(),
  shutdown: group(shutdown),
} as const satisfies TableOf<ShipperOptions>

/** The options that are given and right. */
export type GivenOptions = Values<typeof top>

/** Where in a group a name stands that was given outside of it: `connectMs` → `timeouts.connectMs`. */
function placeInGroup(name: string): string | undefined {
  const groups: Readonly<Record<string, Table>> = { timeouts, retry, memory, selfLog, shutdown }
  const places = Object.entries(groups).flatMap(([place, table]) =>
    Object.keys(table)
      .filter((member) => bareName(member) === bareName(name))
      .map((member) => `${place}.${member}`),
  )
  return places.length === 0 ? undefined : places.join(' or ')
}

/** Judges each option by itself. What lies between options is for `judge-together.ts`. */
export const checkOptions = group(top, (name) => {
  const isCase = Object.keys(top).some((known) => bareName(known) === bareName(name))
  return isCase ? undefined : (foreignAdvice(name) ?? placeInGroup(name))
})
