import type { Json } from '../core/json.ts'

interface Field {
  readonly key: string
  /** `"key":value,` */
  readonly entry: Buffer
  /** Not the user's, but the format's: left out of lines that pass untouched. */
  readonly ours: boolean
}

/** ECS 8.11, https://www.elastic.co/guide/en/ecs/8.11/index.html */
const ecsVersion: Readonly<Record<string, Json>> = { 'ecs.version': '8.11.0' }

/** The entries that every document gets, ready as bytes. */
export class StaticFields {
  /** Every entry in a row, each with its comma behind it. */
  readonly all: Buffer
  readonly keys: readonly string[]
  readonly #fields: readonly Field[]

  constructor(fields: Readonly<Record<string, Json>>, format: 'pino' | 'ecs') {
    const own = format === 'ecs' ? ecsVersion : {}
    this.#fields = Object.entries({ ...own, ...fields })
      .filter(([key, value]) => key !== '@timestamp' && value !== undefined)
      .map(([key, value]) => ({
        key,
        entry: Buffer.from(`${JSON.stringify(key)}:${JSON.stringify(value)},`),
        ours: !Object.hasOwn(fields, key),
      }))
    this.all = Buffer.concat(this.#fields.map(({ entry }) => entry))
    this.keys = this.#fields.map(({ key }) => key)
  }

  /** Flags for `write`, one a field, all of them 0. */
  createOmissions(): Uint8Array {
    return new Uint8Array(this.#fields.length)
  }

  /** Writes those that are not omitted at `out[at]`; gives the position behind the last comma. */
  write(out: Buffer, at: number, omit: Uint8Array, withOurs: boolean): number {
    let next = at
    for (const [i, field] of this.#fields.entries()) {
      if (omit[i] === 1 || (field.ours && !withOurs)) continue
      next += field.entry.copy(out, next)
    }
    return next
  }
}
