import { randomBytes } from 'node:crypto'
import type { ActiveFault } from './active-fault.ts'
import type { BulkEntry } from './bulk-body.ts'
import { checkDocument } from './document-check.ts'
import type { DocumentStore, StoredIndex } from './document-store.ts'
import type { ElasticError } from './elastic-error.ts'
import { illegalArgument } from './elastic-error.ts'
import type { ItemsFault } from './fault.ts'
import type { Mappings } from './field-mapping.ts'
import type { JsonObject } from './json.ts'
import type { ActionContext } from './refuse-action.ts'
import { refuseAction } from './refuse-action.ts'
import { usualItemError } from './usual-error.ts'

/** What a bulk request is run against. */
export interface BulkContext extends ActionContext {
  readonly mappings: Mappings
  readonly quoteSource: boolean
  readonly itemFaults: readonly ActiveFault<ItemsFault>[]
  /** Is the document at this position, from 0, stored? Where not, its answer is the same. */
  stores(position: number): boolean
}

/** One entry of `items`: the operation and what became of it. */
export type BulkItem = Readonly<Record<string, BulkItemBody>>

export interface BulkItemBody {
  readonly _index: string
  readonly _id: string | null
  readonly status: number
  readonly error?: ElasticError
  readonly failure_store?: string
}

/** Runs the entries in order and gives one item for each, in the same order. */
export function runBulk(entries: readonly BulkEntry[], context: BulkContext): readonly BulkItem[] {
  return entries.map((entry, position) => ({
    [entry.operation]: runEntry(entry, position, context),
  }))
}

function runEntry(entry: BulkEntry, position: number, context: BulkContext): BulkItemBody {
  const refused = refuseAction(entry, context)
  if (refused) return { _index: entry.index, _id: entry.id ?? null, ...refused }
  const id = entry.id ?? randomBytes(15).toString('base64url')
  const index = context.store.writeIndex(entry.index)
  const place = { _index: index.name, _id: id }
  if (id === '') {
    return {
      ...place,
      status: 400,
      error: illegalArgument('if _id is specified it must not be empty'),
    }
  }
  if (entry.operation === 'delete') return runDelete(index, id, context.stores(position))
  const check = checkDocument(
    entry.line,
    { mappings: context.mappings, dataStream: context.store.isDataStream(entry.index) },
    { id, quoteSource: context.quoteSource },
  )
  const fault = context.itemFaults.filter((f) => f.meets(f.fault, id, check.source))[0]?.fault
  const mark = fault?.failureStore === undefined ? {} : { failure_store: fault.failureStore }
  if (fault && fault.status >= 300) {
    return { ...place, status: fault.status, ...mark, error: faultError(fault, index, id) }
  }
  if (check.kind === 'refused') return { ...place, status: 400, error: check.error }
  const { store } = context
  const target = fault?.failureStore === 'used' ? store.failureIndex(index) : index
  const stores = context.stores(position)
  return { ...write(entry, target, id, check.source, { store, stores }), ...mark }
}

function write(
  entry: BulkEntry,
  index: StoredIndex,
  id: string,
  source: JsonObject,
  target: { readonly store: DocumentStore; readonly stores: boolean },
): BulkItemBody {
  const exists = index.documents.has(id)
  if (exists && entry.operation === 'create') {
    return { _index: index.name, _id: id, status: 409, error: conflict(index, id) }
  }
  const { sequenceNumber, version } = target.stores
    ? target.store.put(index, id, source)
    : { sequenceNumber: index.sequenceNumber, version: exists ? 2 : 1 }
  return {
    _index: index.name,
    _id: id,
    ...written(exists ? 'updated' : 'created', version, sequenceNumber),
    status: exists ? 200 : 201,
  }
}

function runDelete(index: StoredIndex, id: string, stores: boolean): BulkItemBody {
  const found = index.documents.has(id)
  if (stores) index.documents.delete(id)
  return {
    _index: index.name,
    _id: id,
    ...written(found ? 'deleted' : 'not_found', 1, index.sequenceNumber++),
    status: found ? 200 : 404,
  }
}

const written = (result: string, version: number, sequenceNumber: number) => ({
  _version: version,
  result,
  _shards: { total: 1, successful: 1, failed: 0 },
  _seq_no: sequenceNumber,
  _primary_term: 1,
})

const conflict = (index: StoredIndex, id: string): ElasticError => ({
  type: 'version_conflict_engine_exception',
  reason: `[${id}]: version conflict, document already exists (current version [1])`,
  index_uuid: index.uuid,
  shard: '0',
  index: index.name,
})

function faultError(fault: ItemsFault, index: StoredIndex, id: string): ElasticError {
  if (fault.status === 409 && fault.type === undefined) {
    const error = conflict(index, id)
    return fault.reason === undefined ? error : { ...error, reason: fault.reason }
  }
  const error = usualItemError(fault.status, index.alias, fault)
  return error.type === 'index_not_found_exception'
    ? { ...error, index_uuid: '_na_', index: index.alias }
    : error
}
