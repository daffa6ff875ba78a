import type { Answer } from './answer.ts'
import { jsonAnswer, refusal } from './answer.ts'
import type { Call } from './call.ts'
import type { StoredDocument } from './document-store.ts'
import type { ElasticError } from './elastic-error.ts'
import { indexNotFound } from './elastic-error.ts'
import { filterPath } from './filter-path.ts'
import type { Json, JsonObject } from './json.ts'
import { isObject, parseJson } from './json.ts'
import type { ServerState } from './server-state.ts'

const shards = { total: 1, successful: 1, skipped: 0, failed: 0 }

type Query = (document: StoredDocument) => boolean

/** `_search`: `match_all`, `ids`, `term` and `terms` on `_id`; `size`, `from`, `_source: false`. No order is promised. */
export function answerSearch(call: Call, state: ServerState): Answer {
  return withQuery(call, state, (found, body) => {
    const number = (name: string, otherwise: number): number =>
      Number(call.query.get(name) ?? body[name] ?? otherwise)
    const from = number('from', 0)
    const page = found.slice(from, from + number('size', 10))
    const hits = page.map(({ index, id, source }) => ({
      _index: index,
      _id: id,
      _score: 1,
      ...(body['_source'] === false ? {} : { _source: source }),
    }))
    return {
      took: 0,
      timed_out: false,
      _shards: shards,
      hits: {
        total: { value: found.length, relation: 'eq' },
        max_score: hits.length > 0 ? 1 : null,
        hits,
      },
    }
  })
}

/** `_count`, with the queries of `_search`. */
export function answerCount(call: Call, state: ServerState): Answer {
  return withQuery(call, state, (found) => ({ count: found.length, _shards: shards }))
}

/** `GET /{index}/_doc/{id}`. */
export function answerGet(index: string, id: string, state: ServerState): Answer {
  const indices = state.store.find(index)
  if (indices.length === 0) return refusal(404, indexNotFound(index))
  for (const { name, documents } of indices) {
    const document = documents.get(id)
    if (!document) continue
    const head = { _index: name, _id: id, _version: 1, _seq_no: 0, _primary_term: 1 }
    return jsonAnswer(200, { ...head, found: true, _source: document.source })
  }
  return jsonAnswer(404, { _index: index, _id: id, found: false })
}

function withQuery(
  call: Call,
  state: ServerState,
  describe: (found: readonly StoredDocument[], body: JsonObject) => Json,
): Answer {
  const index = call.segments.length > 1 ? call.segments[0] : undefined
  const isPlainName = index !== undefined && !/[*,]/.test(index) && index !== '_all'
  if (isPlainName && state.store.find(index).length === 0) return refusal(404, indexNotFound(index))
  const body = call.body.length > 0 ? parseJson(call.body.toString()) : {}
  if (!isObject(body)) return refusal(400, parsing('Failed to parse the request body'))
  const query = parseQuery(body['query'])
  if (typeof query === 'string') return refusal(400, parsing(query))
  const answer = describe([...state.store.documents(index)].filter(query), body)
  const filter = call.query.get('filter_path')
  return jsonAnswer(200, filter === undefined ? answer : filterPath(answer, filter))
}

const parsing = (reason: string): ElasticError => ({ type: 'parsing_exception', reason })

/** The documents that a query means, or what is wrong with it. */
function parseQuery(query: Json | undefined): Query | string {
  if (query === undefined) return () => true
  if (!isObject(query)) return '[query] malformed query, expected an object'
  const [kind = ''] = Object.keys(query)
  const inner = query[kind]
  if (kind === 'match_all') return () => true
  const wanted = isObject(inner) ? idsOf(kind, inner) : undefined
  if (!wanted) return `unknown query [${kind}]`
  const ids = new Set(wanted.map(String))
  return ({ id }) => ids.has(id)
}

function idsOf(kind: string, inner: JsonObject): readonly Json[] | undefined {
  const given = kind === 'ids' ? inner['values'] : inner['_id']
  if (given === undefined || !['ids', 'term', 'terms'].includes(kind)) return undefined
  const value = isObject(given) ? (given['value'] ?? null) : given
  return Array.isArray(value) ? (value as readonly Json[]) : [value]
}
