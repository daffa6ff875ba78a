import { KeyTable } from './key-table.ts'

/** What becomes of an entry in ECS. `id` and `target` are places in the table of names. */
export interface EcsRule {
  readonly kind: 'time' | 'level' | 'error' | 'plain'
  readonly target: number
  /** The ECS name as a JSON string. */
  readonly name: Buffer
}

/** The keys as given to pino. */
export interface LineNames {
  readonly timestampKey: string
  readonly messageKey: string
  readonly levelKey: string
}

type Renaming = readonly [from: string, to: string, kind: EcsRule['kind']]

/** What pino and @opentelemetry/instrumentation-pino write, and where ECS has it. */
const fixed: readonly Renaming[] = [
  ['err', 'error', 'error'],
  ['trace_id', 'trace.id', 'plain'],
  ['span_id', 'span.id', 'plain'],
  ['name', 'log.logger', 'plain'],
  ['pid', 'process.pid', 'plain'],
  ['hostname', 'host.hostname', 'plain'],
]

/** Knows the keys that matter in a line that becomes ECS: those renamed, what they become, and the fields. */
export class EcsNames {
  /** Number of ids. */
  readonly size: number
  readonly #table: KeyTable
  readonly #rules: (EcsRule | undefined)[]
  readonly #fields: number[]

  constructor(names: LineNames, fieldKeys: readonly string[]) {
    const renamings: readonly Renaming[] = [
      ...fixed,
      [names.messageKey, 'message', 'plain'],
      [names.levelKey, 'log.level', 'level'],
      [names.timestampKey, '@timestamp', 'time'],
    ]
    const sources = renamings.map(([from]) => from)
    const targets = renamings.map(([, to]) => to)
    const keys = [...new Set(['@timestamp', ...sources, ...targets, ...fieldKeys])]
    this.size = keys.length
    this.#table = new KeyTable(keys)
    this.#rules = keys.map(() => undefined)
    this.#fields = keys.map((key) => fieldKeys.indexOf(key))
    for (const [from, to, kind] of renamings) {
      const name = Buffer.from(JSON.stringify(to))
      this.#rules[keys.indexOf(from)] = { kind, target: keys.indexOf(to), name }
    }
  }

  /** The id of a key; -1 when nothing is to be done about it. `@timestamp` is 0. */
  find(bytes: Uint8Array, start: number, end: number): number {
    return this.#table.find(bytes, start, end)
  }

  rule(id: number): EcsRule | undefined {
    return this.#rules[id]
  }

  /** The place of the name among the static fields, or -1. */
  field(id: number): number {
    return this.#fields[id] ?? -1
  }
}
