import { randomBytes } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import type { JsonObject } from './json.ts'
import { isObject } from './json.ts'

/** A document as it lies in the store. */
export interface StoredDocument {
  /** The index, or the backing index of a data stream. */
  readonly index: string
  readonly id: string
  readonly source: JsonObject
  /** When it was stored, in ms since the server was created. */
  readonly at: number
}

/** Where a document went. */
export interface Placement {
  readonly index: string
  readonly created: boolean
  readonly sequenceNumber: number
  readonly version: number
}

/** An index, or one backing index of a data stream. */
export interface StoredIndex {
  readonly name: string
  readonly uuid: string
  /** The name that writers use: that of the data stream, or its own. */
  readonly alias: string
  readonly documents: Map<string, StoredDocument>
  sequenceNumber: number
}

/** What the server keeps: indices, data streams, templates. */
export class DocumentStore {
  readonly templates = new Map<string, JsonObject>()
  readonly #indices = new Map<string, StoredIndex>()
  readonly #declaredStreams: ReadonlySet<string>
  /** Data stream → its newest backing index. */
  readonly #writeIndices = new Map<string, StoredIndex>()
  readonly #generations = new Map<string, number>()
  readonly #startedAt = performance.now()

  constructor(dataStreams: readonly string[]) {
    this.#declaredStreams = new Set(dataStreams)
  }

  /** Names that begin with `logs-`, declared ones, and those that a template with `data_stream` matches. */
  isDataStream(name: string): boolean {
    return (
      name.startsWith('logs-') || this.#declaredStreams.has(name) || this.#templateMakesStream(name)
    )
  }

  /** The backing index's data stream, if `index` is one. */
  streamBehind(index: string): string | undefined {
    const alias = this.#indices.get(index)?.alias
    return alias === index ? undefined : alias
  }

  /** The index that a write to `name` goes to, created if need be. */
  writeIndex(name: string): StoredIndex {
    if (!this.isDataStream(name)) return this.#indices.get(name) ?? this.#create(name, name)
    return this.#writeIndices.get(name) ?? this.rollover(name)
  }

  /** Begins the next backing index of a data stream. Ids are unique per backing index only. */
  rollover(stream: string): StoredIndex {
    const generation = (this.#generations.get(stream) ?? 0) + 1
    this.#generations.set(stream, generation)
    const day = new Date().toISOString().slice(0, 10).replaceAll('-', '.')
    const name = `.ds-${stream}-${day}-${String(generation).padStart(6, '0')}`
    const index = this.#create(name, stream)
    this.#writeIndices.set(stream, index)
    return index
  }

  /** The failure store behind an index. */
  failureIndex(index: StoredIndex): StoredIndex {
    const name = `.fs-${index.alias}-000001`
    return this.#indices.get(name) ?? this.#create(name, name)
  }

  /** Stores under `id` in `index`; an existing document is replaced. */
  put(index: StoredIndex, id: string, source: JsonObject): Placement {
    const created = !index.documents.has(id)
    const at = performance.now() - this.#startedAt
    index.documents.set(id, { index: index.name, id, source, at })
    return {
      index: index.name,
      created,
      sequenceNumber: index.sequenceNumber++,
      version: created ? 1 : 2,
    }
  }

  /** The indices that an expression names: a name, a data stream, a list with commas, `*` as a wildcard. */
  find(expression: string | undefined): readonly StoredIndex[] {
    const all = [...this.#indices.values()]
    if (expression === undefined || expression === '_all') return all
    const patterns = expression.split(',').map(toPattern)
    return all.filter((index) =>
      patterns.some((pattern) => pattern.test(index.name) || pattern.test(index.alias)),
    )
  }

  *documents(expression?: string): Generator<StoredDocument> {
    for (const index of this.find(expression)) yield* index.documents.values()
  }

  count(expression?: string): number {
    return this.find(expression).reduce((sum, index) => sum + index.documents.size, 0)
  }

  #create(name: string, alias: string): StoredIndex {
    const uuid = randomBytes(16).toString('base64url')
    const index: StoredIndex = { name, uuid, alias, documents: new Map(), sequenceNumber: 0 }
    this.#indices.set(name, index)
    return index
  }

  #templateMakesStream(name: string): boolean {
    for (const template of this.templates.values()) {
      if (!isObject(template['data_stream'])) continue
      const patterns = template['index_patterns']
      if (Array.isArray(patterns) && patterns.some((p) => toPattern(String(p)).test(name))) {
        return true
      }
    }
    return false
  }
}

function toPattern(wildcard: string): RegExp {
  const parts = wildcard.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`)
}
