import type { BulkEntry } from './bulk-body.ts'
import type { DocumentStore } from './document-store.ts'
import type { ElasticError } from './elastic-error.ts'
import { illegalArgument } from './elastic-error.ts'
import { findIndexNameFault } from './index-name.ts'

/** What an action is held against. */
export interface ActionContext {
  readonly store: DocumentStore
  /** Names that exist; undefined takes any. */
  readonly pipelines: readonly string[] | undefined
  /** Parameters of the whole request. */
  readonly pipeline: string | undefined
  readonly requireAlias: boolean
  readonly requireDataStream: boolean
}

/** What is wrong with the action itself, before anyone looks at the document. */
export function refuseAction(
  entry: BulkEntry,
  context: ActionContext,
): { readonly status: number; readonly error: ElasticError } | undefined {
  const { index, operation } = entry
  const nameFault = findIndexNameFault(index)
  if (nameFault) return { status: 400, error: nameFault }
  const stream = context.store.streamBehind(index)
  if (stream !== undefined && operation === 'create') {
    const reason = `index request with op_type=create targeting backing indices is disallowed, target corresponding data stream [${stream}] instead`
    return { status: 400, error: illegalArgument(reason) }
  }
  const required = refuseRequired(entry, context)
  if (required) return { status: 404, error: required }
  const reason = context.store.isDataStream(index) ? refuseForStream(entry) : undefined
  if (reason !== undefined) return { status: 400, error: illegalArgument(reason) }
  const pipeline = entry.pipeline ?? context.pipeline
  if (
    pipeline !== undefined &&
    pipeline !== '_none' &&
    context.pipelines?.includes(pipeline) === false
  ) {
    return { status: 400, error: illegalArgument(`pipeline with id [${pipeline}] does not exist`) }
  }
  return operation === 'update'
    ? { status: 400, error: illegalArgument('this server does not know how to update') }
    : undefined
}

function refuseForStream(entry: BulkEntry): string | undefined {
  if (entry.operation !== 'create') {
    return 'only write ops with an op_type of create are allowed in data streams'
  }
  return entry.routing === undefined
    ? undefined
    : `index request targeting data stream [${entry.index}] specifies a custom routing but the [allow_custom_routing] setting was not enabled in the data stream's template.`
}

function refuseRequired(entry: BulkEntry, context: ActionContext): ElasticError | undefined {
  const { index } = entry
  if (entry.requireAlias ?? context.requireAlias) {
    return {
      type: 'index_not_found_exception',
      reason: `no such index [${index}] and [require_alias] request flag is [true] and [${index}] is not an alias`,
      index_uuid: '_na_',
      index,
    }
  }
  const wantsStream = entry.requireDataStream ?? context.requireDataStream
  if (!wantsStream || context.store.isDataStream(index)) return undefined
  return {
    type: 'resource_not_found_exception',
    reason: `[require_data_stream] request flag is [true] and [${index}] is not a data stream`,
  }
}
