import { wrong } from './check.ts'
import type { Settings } from './defaults.ts'
import type { OptionFault } from './option-fault.ts'
import type { GivenOptions } from './option-table.ts'
import { showCount, showName } from './show-value.ts'

/** Where the transport runs. */
export interface Where {
  /** Its producer awaits `drain`, as pino does not. */
  readonly backpressure: boolean
}

interface Whole {
  readonly given: GivenOptions
  readonly settings: Settings
  readonly nodes: readonly string[]
  readonly where: Where
}

/** A rule between options. It is not asked while one of those it is `about` is wrong by itself. */
interface Bond {
  readonly about: readonly string[]
  readonly judge: (whole: Whole) => readonly OptionFault[]
}

const none: readonly OptionFault[] = []

/** Names that every document has already: twice in one, and Elasticsearch refuses them all. */
function takenNames({
  format,
  timestampKey,
  messageKey = 'msg',
  levelKey,
}: Settings): readonly string[] {
  return format === 'ecs' ? ['message', 'log.level'] : [timestampKey, messageKey, levelKey]
}

const bonds: readonly Bond[] = [
  {
    about: ['retry.minDelayMs', 'retry.maxDelayMs'],
    judge: ({ settings: { retry } }) =>
      retry.minDelayMs <= retry.maxDelayMs
        ? none
        : wrong(
            'retry.minDelayMs',
            `at most retry.maxDelayMs, here ${showCount(retry.maxDelayMs)}`,
            showCount(retry.minDelayMs),
          ).faults,
  },
  {
    about: ['flushBytes', 'memory.maxBytes'],
    judge: ({ settings: { flushBytes, memory } }) =>
      2 * flushBytes <= memory.maxBytes
        ? none
        : wrong(
            'flushBytes',
            `at most half of memory.maxBytes, here ${showCount(Math.floor(memory.maxBytes / 2))}`,
            showCount(flushBytes),
          ).faults,
  },
  {
    about: ['memory.whenFull'],
    judge: ({ settings: { memory }, where }) =>
      memory.whenFull !== 'backpressure' || where.backpressure
        ? none
        : wrong(
            'memory.whenFull',
            "'drop_oldest' or 'drop_newest' (backpressure works only with createShipper() and a producer that awaits 'drain', such as pipeline(); pino does not)",
            "'backpressure'",
          ).faults,
  },
  {
    about: ['rejectUnauthorized', 'tls'],
    judge: ({ given: { rejectUnauthorized, tls } }) =>
      (tls?.rejectUnauthorized ?? rejectUnauthorized) ===
      (rejectUnauthorized ?? tls?.rejectUnauthorized)
        ? none
        : wrong('rejectUnauthorized', 'the same as tls.rejectUnauthorized', 'the opposite').faults,
  },
  {
    about: ['caFingerprint'],
    judge: ({ given, nodes }) => {
      const plain = nodes.find((node) => node.startsWith('http:'))
      return given.caFingerprint === undefined || plain === undefined
        ? none
        : wrong('caFingerprint', 'https nodes beside it', plain).faults
    },
  },
  {
    about: ['timestampKey', 'messageKey', 'levelKey'],
    judge: ({ settings: { timestampKey, messageKey = 'msg', levelKey } }) =>
      new Set([timestampKey, messageKey, levelKey]).size === 3
        ? none
        : wrong(
            'timestampKey',
            'another than messageKey and levelKey, these different too',
            'one twice',
          ).faults,
  },
  {
    about: ['timestampKey', 'messageKey', 'levelKey', 'format'],
    judge: ({ settings }) =>
      takenNames(settings)
        .filter((name) => Object.hasOwn(settings.fields, name))
        .flatMap(
          (name) =>
            wrong(`fields.${showName(name)}`, 'no such field: every line has it already', 'one')
              .faults,
        ),
  },
]

/** The faults that lie between options. `faults` are those that were found before. */
export function judgeTogether(
  whole: Whole,
  faults: readonly OptionFault[],
): readonly OptionFault[] {
  const isWrong = (path: string): boolean =>
    faults.some((fault) => fault.path === path || fault.path.startsWith(`${path}.`))
  return bonds.filter(({ about }) => !about.some(isWrong)).flatMap(({ judge }) => judge(whole))
}
