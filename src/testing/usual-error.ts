import type { ElasticError } from './elastic-error.ts'

type Reason = (index: string) => string
type Usual = Readonly<Record<number, readonly [type: string, reason: Reason]>>

const pressure: Reason = () =>
  'rejected execution of coordinating operation [coordinating_and_primary_bytes=57120, replica_bytes=0, all_bytes=57120, coordinating_operation_bytes=10660, max_coordinating_bytes=65536]'
const byFault: Reason = () => 'refused by a fault'

/** `error.type` that Elasticsearch uses for an item with a status, and its words. */
const usualForItem: Usual = {
  400: ['document_parsing_exception', byFault],
  403: [
    'cluster_block_exception',
    (index) => `index [${index}] blocked by: [FORBIDDEN/8/index write (api)];`,
  ],
  404: [
    'index_not_found_exception',
    (index) => `no such index [${index}] and [action.auto_create_index] is [false]`,
  ],
  429: ['es_rejected_execution_exception', pressure],
  500: ['exception', byFault],
  503: [
    'unavailable_shards_exception',
    (index) => `[${index}][0] primary shard is not active Timeout: [1m]`,
  ],
}

/** The same for a whole request. */
const usualForWhole: Usual = {
  400: ['illegal_argument_exception', byFault],
  401: ['security_exception', () => 'missing authentication credentials for REST request [/_bulk]'],
  403: ['security_exception', () => 'action [indices:data/write/bulk] is unauthorized'],
  404: ['index_not_found_exception', () => 'no such index'],
  429: ['es_rejected_execution_exception', pressure],
  500: ['exception', byFault],
  503: ['cluster_block_exception', () => 'blocked by: [SERVICE_UNAVAILABLE/2/no master];'],
}

/** Reasons of types that are not the usual ones of their status. */
const otherReasons: Readonly<Record<string, Reason>> = {
  'item/429/cluster_block_exception': (index) =>
    `index [${index}] blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage watermark, index has read-only-allow-delete block; for more information, see https://www.elastic.co/docs/troubleshoot/elasticsearch/fix-watermark-errors?version=9.5];`,
  'item/503/cluster_block_exception': () => 'blocked by: [SERVICE_UNAVAILABLE/2/no master];',
  'item/400/index_closed_exception': () => 'closed',
  'whole/403/cluster_block_exception': () => 'blocked by: [FORBIDDEN/6/cluster read-only (api)];',
}

/** What may be said instead of the usual words. */
export interface GivenError {
  readonly type?: string | undefined
  readonly reason?: string | undefined
}

/** The error that Elasticsearch would send with this status for a document of `index`. */
export function usualItemError(status: number, index: string, given: GivenError): ElasticError {
  return choose('item', usualForItem, status, index, given)
}

/** The error that Elasticsearch would send with this status for a whole request. */
export function usualWholeError(status: number, given: GivenError): ElasticError {
  return choose('whole', usualForWhole, status, '_all', given)
}

function choose(
  scope: 'item' | 'whole',
  table: Usual,
  status: number,
  index: string,
  given: GivenError,
): ElasticError {
  const [usualType, usualReason] = table[status] ?? table[status < 500 ? 400 : 500] ?? []
  const type = given.type ?? usualType ?? 'exception'
  const other = otherReasons[`${scope}/${status}/${type}`]
  const words = other ?? (type === usualType ? usualReason : byFault)
  return { type, reason: given.reason ?? words?.(index) ?? '' }
}
