import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { it } from 'node:test'
import { gzipSync } from 'node:zlib'
import type { Fault, FaultyElasticsearchOptions } from '../../../src/testing/index.ts'
import { createFaultyElasticsearch } from '../../../src/testing/index.ts'
import type { Seen } from './send.ts'
import { send } from './send.ts'

const folder = 'test/fixtures/answers/elasticsearch'

interface Golden {
  readonly note?: string
  readonly request: {
    readonly method: string
    readonly path: string
    readonly headers: Readonly<Record<string, string>>
    readonly body?: string | { readonly base64: string; readonly bytes: number }
  }
  /** Null where the real server broke the connection. */
  readonly status: number | null
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

interface Setting {
  /** Requests that went before, by the name of their file. */
  readonly before?: readonly string[]
  readonly rolledOver?: string
  readonly options?: FaultyElasticsearchOptions
}

const blocked = (rule: Omit<Fault & { kind: 'items' }, 'kind'>): Setting => ({
  options: { faults: [{ kind: 'items', ...rule }] },
})
const wholly = (rule: Omit<Fault & { kind: 'status' }, 'kind'>): Setting => ({
  options: { faults: [{ kind: 'status', ...rule }] },
})

/** What the real server had been through, or was in, when it gave an answer. */
const settings: Readonly<Record<string, Setting>> = {
  'ds-item-409': { before: ['ds-create-ok'] },
  'ds-resend-after-rollover': { before: ['ds-resend-after-rollover'], rolledOver: 'ro1' },
  'item-200-index-op-twice': { before: ['item-200-index-op-twice'] },
  'item-409-resend': { before: ['item-409-create-twice'] },
  'cluster-no-quorum-auto-create': wholly({ status: 503 }),
  'cluster-no-quorum-bulk-timeout-3s': wholly({ status: 503 }),
  'cluster-no-quorum-bulk': blocked({ status: 503, type: 'cluster_block_exception' }),
  'item-403-block-mixed': blocked({ id: 'y2', status: 429, type: 'cluster_block_exception' }),
  'item-403-write-block': blocked({ status: 403 }),
  'item-404-one-of-two': {
    options: { faults: [{ kind: 'items', id: 'z2', status: 404 }] },
  },
  'item-429-read-only-allow-delete': blocked({ status: 429, type: 'cluster_block_exception' }),
  'whole-cluster-read-only': wholly({ status: 403, type: 'cluster_block_exception' }),
  'whole-cluster-read-only-allow-delete': wholly({
    status: 403,
    type: 'cluster_block_exception',
    reason: 'blocked by: [FORBIDDEN/13/cluster read-only / allow delete (api)];',
  }),
}

/** Answers that the faulty server does not give, and why. */
const notImitated: Readonly<Record<string, string>> = {
  'cluster-no-quorum-health': 'health is always green',
  'ds-create-into-backing-index': 'needs a stream of the day of recording',
  'ds-item-index-op': 'a cause that depends on whether the stream exists yet',
  'ds-update-op': 'a cause that depends on whether the stream exists yet',
  'ds-mapping-conflict-dynamic-race': 'no dynamic mapping',
  'gzip-response': 'recorded as text of compressed bytes; see the server test',
  'http-get-root': 'the recorded build lacked the main REST module',
  'item-400-closed': 'no closed indices; an items fault can say so',
  'item-400-mapping-ip': 'no type ip',
  'item-400-mapping-object-vs-scalar': 'no dynamic mapping',
  'item-400-strict': 'no strict mapping',
  'item-400-total-fields': 'no limit of fields',
  'item-403-read-only': 'an items fault says write block',
  'item-404-index-not-found': 'indices are always created; an items fault shows an _id',
  'item-503-unavailable-default-timeout': 'the reason quotes the document',
  'item-503-unavailable-timeout-1s': 'the reason quotes the document',
  'item-503-wait-for-active-2-timeout-1s': 'no replicas',
  'item-big-number': 'no dynamic mapping of the last fields',
  'item-dot-keys': 'no dynamic mapping of the last document',
  'item-index-name-chars': 'no date math in names',
  'item-pipeline-unknown-meta': 'an _id of auto-generated',
  'whole-429-circuit-breaker': 'carries numbers of the heap',
}

const names = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.replace(/\.json$/, ''))
const read = (name: string): Golden =>
  JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as Golden

for (const name of names) {
  const golden = read(name)
  // Long bodies were not kept; what is left of them cannot be sent again.
  if (isCut(golden) || name in notImitated) continue

  it(`answers like the real server: ${name}`, async () => {
    const { before = [], rolledOver, options } = settings[name] ?? {}
    const server = await createFaultyElasticsearch({
      mappings: { n: 'long', d: 'date', b: 'boolean', k: 'keyword' },
      dataStreams: ['fxds1', 'fxds2', 'ro1'],
      pipelines: [],
      ...options,
    })
    try {
      for (const earlier of before) await replay(server.url, read(earlier))
      if (rolledOver !== undefined) server.rollover(rolledOver)
      compare(await replay(server.url, golden), golden)
    } finally {
      await server.close()
    }
  })
}

it('names only recorded answers as not imitated', () => {
  for (const name of [...Object.keys(notImitated), ...Object.keys(settings)]) {
    assert.ok(names.includes(name), name)
    assert.ok(!isCut(read(name)), name)
  }
})

function isCut({ request: { body } }: Golden): boolean {
  if (body === undefined) return false
  return typeof body === 'string'
    ? /^\[.*\]$|\[cut\]|\.\.\.\[\d+ (?:chars|bytes)\]/s.test(body)
    : Buffer.from(body.base64, 'base64').length !== body.bytes
}

function replay(url: string, { note = '', request }: Golden): Promise<Seen> {
  const { method, path, headers, body } = request
  let bytes: Buffer | undefined
  if (typeof body === 'string') bytes = Buffer.from(body)
  else if (body !== undefined) bytes = Buffer.from(body.base64, 'base64')
  if (bytes && note.startsWith('whole gzip')) bytes = gzipSync(bytes)
  return send(url, { method, path, headers, body: bytes })
}

function compare(seen: Seen, golden: Golden): void {
  assert.equal(seen.status ?? null, golden.status)
  if (golden.status === null) {
    assert.equal(seen.code, 'ECONNRESET')
    return
  }
  const headers = Object.keys(golden.headers ?? {}).filter((name) => name !== 'content-length')
  for (const name of headers) assert.equal(seen.headers[name], golden.headers?.[name], name)
  assert.deepEqual(
    Object.keys(seen.headers).filter((name) => !(name in (golden.headers ?? {}))),
    [],
    'no header that the real server does not send',
  )
  const recorded = typeof golden.body === 'string' ? golden.body : JSON.stringify(golden.body ?? '')
  assert.deepEqual(normal(seen.text), normal(recorded === '""' ? '' : recorded))
}

/** Without what is different in every run: automatic ids, times, counters, the day. */
function normal(text: string): unknown {
  if (text === '') return ''
  return JSON.parse(withoutIds(text), (key, value: unknown) =>
    ['took', 'ingest_took', 'index_uuid', '_seq_no', '_shards'].includes(key) ? undefined : value,
  )
}

function withoutIds(text: string): string {
  return text
    .replace(/"_id":"[\w-]{20}"/g, '"_id":"automatic"')
    .replace(/with id '[\w-]{20}'/g, "with id 'automatic'")
    .replace(/\d{4}\.\d\d\.\d\d-0/g, 'DAY-0')
}
