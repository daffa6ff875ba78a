import type { Batch } from '../core/batch.ts'
import type { ItemAnswer } from '../core/exchange.ts'
import type { Failure } from '../core/failure.ts'
import type { Memory, Verdict } from './verdict.ts'
import { duplicate, stored } from './verdict.ts'

/** The document is not JSON that the server can read: Elasticsearch's and OpenSearch's words. */
const malformed = new Set([
  'x_content_parse_exception',
  'x_content_e_o_f_exception',
  'json_parse_exception',
  'unexpected_end_of_input_exception',
  'not_x_content_exception',
  'json_e_o_f_exception',
])

/** A 400 that speaks of the index, the alias or the pipeline: not of this document. */
const ofTheIndex = new Set(['index_closed_exception', 'invalid_index_name_exception'])
/** Both come as a plain `illegal_argument_exception`, like faults of a document. */
const indexReasons = /^(pipeline with id|no write index is defined for alias) \[/

/** One operation is over `indexing_pressure.memory.max_operation_size`: every document of its shard is told so. */
const tooLarge = /exceeds the maximum allowed limit/

/** After so many tries over so long, while others of its index were stored, an item that is put off for ever is refused. */
const maxTries = 10
const maxTriesForMs = 10 * 60_000

/**
 * What the answer for one document means. By status first, by `error.type` second: types differ between servers.
 *
 * | item | verdict |
 * |---|---|
 * | 200 201 | stored |
 * | 409 | duplicate: an earlier send of the same line was stored |
 * | cluster block (403, 429) | again, without end |
 * | 429 operation too large | trial; dead letter when alone: the others of its shard are told the same |
 * | 429, 5xx | again; dead letter when it alone is put off for ever |
 * | 401 403 404 405, 400 about the index or the pipeline | hold the index |
 * | 400 malformed JSON | repair once, then dead letter |
 * | any other 4xx | dead letter |
 * | anything else | again |
 */
export function decideItem(item: ItemAnswer, batch: Batch, memory: Memory): Verdict {
  const { status, type } = item
  if (status === 200 || status === 201) {
    return item.failureStored ? { to: 'settled', fate: 'stored', failureStored: true } : stored
  }
  if (status === 409) return duplicate
  if (type === 'cluster_block_exception') return { to: 'again', because: because(item, true) }
  if (status === 429 || status >= 500 || status < 400) return decidePutOff(item, batch, memory)
  if (isOfTheIndex(item)) return { to: 'hold', because: because(item, false) }
  if (status === 400 && isMalformed(item)) {
    const to = batch.history.repaired ? 'deadLetter' : 'repair'
    return { to, because: because(item, false) }
  }
  return { to: 'deadLetter', because: because(item, false) }
}

function decidePutOff(item: ItemAnswer, batch: Batch, memory: Memory): Verdict {
  const isTooLarge = item.status === 429 && tooLarge.test(item.reason ?? '')
  if (isTooLarge && batch.count > 1) return { to: 'trial', because: because(item, true) }
  const to = isTooLarge || putOffForEver(batch, memory) ? 'deadLetter' : 'again'
  return { to, because: because(item, to === 'again') }
}

function because(item: ItemAnswer, retryable: boolean): Failure {
  return {
    code: item.type ?? `http_${item.status}`,
    phase: 'item',
    status: item.status,
    message: item.reason ?? '',
    retryable,
  }
}

function isOfTheIndex({ status, type, reason }: ItemAnswer): boolean {
  if (status === 401 || status === 403 || status === 404 || status === 405) return true
  if (status !== 400) return false
  return ofTheIndex.has(type ?? '') || indexReasons.test(reason ?? '')
}

function isMalformed(item: ItemAnswer): boolean {
  return (item.causes ?? [item.type ?? '']).some((type) => malformed.has(type))
}

function putOffForEver(batch: Batch, memory: Memory): boolean {
  const { tries, failedAt } = batch.history
  if (tries < maxTries || failedAt === undefined) return false
  const storedAt = memory.lastStoredAt(batch.index)
  return memory.now - failedAt >= maxTriesForMs && storedAt !== undefined && storedAt > failedAt
}
