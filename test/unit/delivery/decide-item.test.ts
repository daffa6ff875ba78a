import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { History } from '../../../src/core/batch.ts'
import { freshHistory } from '../../../src/core/batch.ts'
import type { ItemAnswer } from '../../../src/core/exchange.ts'
import { decideItem } from '../../../src/delivery/decide-item.ts'
import type { Memory, Verdict } from '../../../src/delivery/verdict.ts'
import { smallBatch } from '../../helpers/batch-of.ts'

const nothing: Memory = { now: 0, passed: 0, refusedAlone: 0, lastStoredAt: () => undefined }

function judge(
  item: ItemAnswer,
  { count = 2, past = {}, memory = {} }: Circumstances = {},
): Verdict {
  const batch = { ...smallBatch(count), history: { ...freshHistory, ...past } }
  return decideItem(item, batch, { ...nothing, ...memory })
}

interface Circumstances {
  readonly count?: number
  readonly past?: Partial<History>
  readonly memory?: Partial<Memory>
}

const error = (status: number, type: string, reason = '', causes?: readonly string[]) => ({
  status,
  type,
  reason,
  ...(causes && { causes: [type, ...causes] }),
})

const rows: readonly (readonly [string, ItemAnswer, Verdict['to']])[] = [
  ['a cluster block', error(403, 'cluster_block_exception'), 'again'],
  ['a flood stage', error(429, 'cluster_block_exception'), 'again'],
  ['a full write queue', error(429, 'es_rejected_execution_exception'), 'again'],
  ['a missing shard', error(503, 'unavailable_shards_exception'), 'again'],
  ['a fault of the server', { status: 500 }, 'again'],
  ['a status that is none', { status: 0 }, 'again'],
  ['a redirect', { status: 302 }, 'again'],
  ['no right for it', error(401, 'security_exception'), 'hold'],
  ['no right for this index', error(403, 'security_exception'), 'hold'],
  ['no index', error(404, 'index_not_found_exception'), 'hold'],
  ['no such thing', { status: 404 }, 'hold'],
  ['not allowed', { status: 405 }, 'hold'],
  ['a closed index', error(400, 'index_closed_exception'), 'hold'],
  ['a bad index name', error(400, 'invalid_index_name_exception'), 'hold'],
  [
    'an unknown pipeline',
    error(400, 'illegal_argument_exception', 'pipeline with id [x] does not exist'),
    'hold',
  ],
  [
    'an alias without a write index',
    error(400, 'illegal_argument_exception', 'no write index is defined for alias [a]. …'),
    'hold',
  ],
  [
    'a key twice, in Elasticsearch’s words',
    error(400, 'document_parsing_exception', '', ['x_content_parse_exception']),
    'repair',
  ],
  [
    'a key twice, in OpenSearch’s words',
    error(400, 'mapper_parsing_exception', '', ['json_parse_exception']),
    'repair',
  ],
  [
    'a line that is cut',
    error(400, 'document_parsing_exception', '', ['x_content_e_o_f_exception']),
    'repair',
  ],
  ['malformed JSON without causes', error(400, 'json_parse_exception'), 'repair'],
  [
    'a value that does not fit',
    error(400, 'document_parsing_exception', 'failed to parse field', [
      'illegal_argument_exception',
    ]),
    'deadLetter',
  ],
  ['a strict mapping', error(400, 'strict_dynamic_mapping_exception'), 'deadLetter'],
  ['a 400 without words', { status: 400 }, 'deadLetter'],
  ['any other 4xx', { status: 418 }, 'deadLetter'],
  ['a 413', { status: 413 }, 'deadLetter'],
]

describe('decideItem', () => {
  it('takes 200 and 201 for stored, 409 for a duplicate', () => {
    assert.deepEqual(judge({ status: 201 }), { to: 'settled', fate: 'stored' })
    assert.deepEqual(judge({ status: 200 }), { to: 'settled', fate: 'stored' })
    assert.deepEqual(judge(error(409, 'version_conflict_engine_exception')), {
      to: 'settled',
      fate: 'duplicate',
    })
  })

  it('knows the failure store', () => {
    assert.deepEqual(judge({ status: 201, failureStored: true }), {
      to: 'settled',
      fate: 'stored',
      failureStored: true,
    })
  })

  for (const [says, item, to] of rows) {
    it(`${says}: ${to}`, () => {
      const verdict = judge(item)
      assert.equal(verdict.to, to)
      assert.ok(verdict.to !== 'settled')
      assert.deepEqual(verdict.because, {
        code: item.type ?? `http_${item.status}`,
        phase: 'item',
        status: item.status,
        message: item.reason ?? '',
        retryable: to === 'again',
      })
    })
  }

  it('repairs once', () => {
    const item = error(400, 'document_parsing_exception', '', ['x_content_parse_exception'])
    assert.equal(judge(item, { past: { repaired: true } }).to, 'deadLetter')
  })

  it('looks for the one operation that is too large, and gives it up', () => {
    const item = error(
      429,
      'es_rejected_execution_exception',
      'Request contains an operation of size [2] bytes, which exceeds the maximum allowed limit of [1] bytes',
    )
    assert.equal(judge(item, { count: 2 }).to, 'trial')
    assert.equal(judge(item, { count: 1 }).to, 'deadLetter')
  })
})

describe('an item that is put off again and again', () => {
  const item = { status: 429 }
  const minutes = (count: number) => count * 60_000
  const past = { tries: 10, failedAt: minutes(1) }
  const stored = (at: number | undefined): Partial<Memory> => ({
    now: minutes(11),
    lastStoredAt: () => at,
  })

  it('is given up after 10 tries over 10 minutes while others of its index were stored', () => {
    assert.equal(judge(item, { past, memory: stored(minutes(5)) }).to, 'deadLetter')
    assert.equal(judge({ status: 503 }, { past, memory: stored(minutes(5)) }).to, 'deadLetter')
  })

  it('goes again when no other was stored since', () => {
    assert.equal(judge(item, { past, memory: stored(undefined) }).to, 'again')
    assert.equal(judge(item, { past, memory: stored(minutes(1)) }).to, 'again')
  })

  it('goes again before the tenth try, and before 10 minutes', () => {
    const memory = stored(minutes(5))
    assert.equal(judge(item, { past: { ...past, tries: 9 }, memory }).to, 'again')
    assert.equal(judge(item, { past: { ...past, failedAt: minutes(1) + 1 }, memory }).to, 'again')
  })

  it('goes again without end while the cluster is blocked', () => {
    const block = error(429, 'cluster_block_exception')
    assert.equal(judge(block, { past, memory: stored(minutes(5)) }).to, 'again')
  })
})
