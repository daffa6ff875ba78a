import type { ActiveFault } from './active-fault.ts'
import type { Answer } from './answer.ts'
import { jsonAnswer, refusal } from './answer.ts'
import type { BulkBody } from './bulk-body.ts'
import { parseBulkBody } from './bulk-body.ts'
import type { Call } from './call.ts'
import type { ItemsFault } from './fault.ts'
import { filterPath } from './filter-path.ts'
import type { Json } from './json.ts'
import { flag, refuseParameters } from './query-parameters.ts'
import type { BulkItem } from './run-bulk.ts'
import { runBulk } from './run-bulk.ts'
import type { ServerState } from './server-state.ts'

/** How a bulk request is to be run, besides what it says itself. */
export interface BulkPlan {
  readonly itemFaults: readonly ActiveFault<ItemsFault>[]
  /** Is the document at this position stored? */
  stores(position: number): boolean
  /** Entries at the end of the list: so many fewer, or, below 0, so many more than documents. */
  readonly missingItems: number
}

const parameters = [
  '_source',
  '_source_excludes',
  '_source_includes',
  'include_source_on_error',
  'list_executed_pipelines',
  'pipeline',
  'refresh',
  'require_alias',
  'require_data_stream',
  'routing',
  'timeout',
  'wait_for_active_shards',
]

/** The body of a bulk call, taken apart. */
export function readBulk(call: Call): BulkBody {
  return parseBulkBody(call.body, {
    defaultIndex: call.segments.length > 1 ? call.segments[0] : undefined,
    openEnd: call.openEnd,
    quoteSource: quotesSource(call),
  })
}

export function answerBulk(call: Call, bulk: BulkBody, state: ServerState, plan: BulkPlan): Answer {
  const refused = refuseParameters(call, parameters, state.refusedParameters)
  if (refused) return refused
  if (bulk.kind === 'refused') return refusal(400, bulk.error)
  const items = runBulk(bulk.entries, {
    store: state.store,
    mappings: state.mappings,
    pipelines: state.pipelines,
    pipeline: call.query.get('pipeline'),
    requireAlias: flag(call, 'require_alias'),
    requireDataStream: flag(call, 'require_data_stream'),
    quoteSource: quotesSource(call),
    itemFaults: plan.itemFaults,
    stores: plan.stores,
  })
  const sent = changeLength(items, plan.missingItems)
  const errors = sent.some((item) => Object.values(item).some(({ status }) => status >= 300))
  const whole = { errors, took: 0, items: sent }
  const filter = call.query.get('filter_path')
  const body = filter === undefined ? whole : filterPath(whole as unknown as Json, filter)
  return { ...jsonAnswer(200, body), items: sent.length }
}

const quotesSource = (call: Call): boolean => call.query.get('include_source_on_error') !== 'false'

function changeLength(items: readonly BulkItem[], missing: number): readonly BulkItem[] {
  if (missing === 0) return items
  if (missing > 0) return items.slice(0, Math.max(0, items.length - missing))
  const last = items.at(-1)
  return last ? [...items, ...Array.from({ length: -missing }, () => last)] : items
}
