import { gzipSync } from 'node:zlib'
import type { Settings } from '../launch-node.ts'
import { asked, clusterSetting, creates, fine, many, mapped, timestamp } from './bodies.ts'
import type { RecordedRequest } from './recorded-request.ts'

const smallBodies: Settings = { 'http.max_content_length': '100kb' }
const smallPressure: Settings = { 'indexing_pressure.memory.limit': '64kb' }
const smallOperations: Settings = { 'indexing_pressure.memory.max_operation_size': '50kb' }
const realMemory: Settings = { 'indices.breaker.total.use_real_memory': 'true' }
const smallQueue: Settings = { 'thread_pool.write.queue_size': '1' }

/** Limits of a node: too large, too much at once. */
export const overLimits: readonly RecordedRequest[] = [
  {
    name: 'too-large',
    note: 'http.max_content_length 100kb: an empty body, and the connection closes',
    settings: smallBodies,
    path: `/_bulk?${asked}`,
    body: creates('too-large', ...many(2_000)),
  },
  {
    name: 'too-large-gzip',
    note: 'http.max_content_length 100kb counts unpacked bytes',
    settings: smallBodies,
    path: `/_bulk?${asked}`,
    headers: { 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip' },
    body: gzipSync(creates('too-large', ...many(2_000))),
  },
  {
    name: 'indexing-pressure',
    note: 'indexing_pressure.memory.limit 64kb, 24 requests of 30 kB at once: the whole request',
    settings: smallPressure,
    path: `/_bulk?${asked}`,
    body: creates('pressure', ...many(300)),
    times: 24,
    keep: '"status":429}',
  },
  {
    name: 'operation-too-large',
    note: 'indexing_pressure.memory.max_operation_size 50kb: an item 429 that never passes',
    settings: smallOperations,
    path: `/_bulk?${asked}`,
    body: creates('operation', fine, `{${timestamp},"m":"${'x '.repeat(40_000)}"}`),
    only: 'elasticsearch',
  },
  {
    name: 'write-queue-full',
    note: 'thread_pool.write.queue_size 1, 5 shards, 40 requests at once: some items 429, some 201',
    settings: smallQueue,
    before: [mapped('queue', {}, { number_of_shards: 5, number_of_replicas: 0 })],
    path: `/queue/_bulk?${asked}`,
    body: Array.from({ length: 40 }, () => `{"create":{}}\n${fine}\n`).join(''),
    times: 40,
    keep: '"status":429',
  },
  {
    name: 'circuit-breaker',
    note: 'indices.breaker.total.limit 20mb, which the empty node has used up: the whole request',
    settings: realMemory,
    before: [clusterSetting('indices.breaker.total.limit', '20mb')],
    path: `/_bulk?${asked}`,
    body: creates('breaker', ...many(50)),
    keep: 'circuit_breaking_exception',
  },
]
