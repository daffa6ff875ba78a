import { action, asked, blocked, clusterSetting, creates, fine } from './bodies.ts'
import type { RecordedRequest } from './recorded-request.ts'

/** The lane or the cluster takes nothing for now: not the document's fault. */
export const refusedPlaces: readonly RecordedRequest[] = [
  {
    name: 'block-write',
    note: 'index.blocks.write; the second document goes elsewhere',
    before: blocked('block-write', 'write'),
    path: `/_bulk?${asked}`,
    body: `${creates('block-write', fine)}${creates('beside-block-write', fine)}`,
  },
  {
    name: 'block-read-only',
    note: 'index.blocks.read_only',
    before: blocked('block-read-only', 'read_only'),
    path: `/_bulk?${asked}`,
    body: creates('block-read-only', fine),
  },
  {
    name: 'block-flood-stage',
    note: 'index.blocks.read_only_allow_delete, which the disk watermark sets',
    before: blocked('block-flood', 'read_only_allow_delete'),
    path: `/_bulk?${asked}`,
    body: creates('block-flood', fine),
  },
  {
    name: 'block-cluster-read-only',
    note: 'cluster.blocks.read_only: the whole request',
    before: [['PUT', '/block-cluster', {}], clusterSetting('cluster.blocks.read_only', true)],
    path: `/_bulk?${asked}`,
    body: creates('block-cluster', fine),
    after: [clusterSetting('cluster.blocks.read_only', null)],
  },
  {
    name: 'block-cluster-flood-stage',
    note: 'cluster.blocks.read_only_allow_delete: the whole request',
    before: [
      ['PUT', '/block-cluster-flood', {}],
      clusterSetting('cluster.blocks.read_only_allow_delete', true),
    ],
    path: `/_bulk?${asked}`,
    body: creates('block-cluster-flood', fine),
    after: [clusterSetting('cluster.blocks.read_only_allow_delete', null)],
  },
  {
    name: 'closed-index',
    note: 'the index is closed',
    before: [
      ['PUT', '/closed', {}],
      ['POST', '/closed/_close'],
    ],
    path: `/_bulk?${asked}`,
    body: `${creates('closed', fine)}${creates('beside-closed', fine)}`,
  },
  {
    name: 'bad-index-name',
    note: 'upper case',
    path: `/_bulk?${asked}`,
    body: `${creates('Logs-App', fine)}${creates('beside-logs-app', fine)}`,
  },
  {
    name: 'no-index-auto-create-off',
    note: 'no such index, action.auto_create_index false',
    before: [clusterSetting('action.auto_create_index', 'false')],
    path: `/_bulk?${asked}`,
    body: creates('nowhere', fine, fine),
    after: [clusterSetting('action.auto_create_index', null)],
  },
  {
    name: 'alias-without-write-index',
    note: 'an alias of two indices, none the write index',
    before: [
      ['PUT', '/alias-a', { aliases: { 'alias-both': {} } }],
      ['PUT', '/alias-b', { aliases: { 'alias-both': {} } }],
    ],
    path: `/_bulk?${asked}`,
    body: creates('alias-both', fine),
  },
  {
    name: 'unknown-pipeline',
    note: 'named in the action line',
    path: `/_bulk?${asked}`,
    body: `${action('pipeline', '1', ',"pipeline":"nowhere"')}\n${fine}\n${action('pipeline', '2')}\n${fine}\n`,
  },
  {
    name: 'shard-copies-missing',
    note: 'wait_for_active_shards=2 on one node, timeout 1s',
    path: '/_bulk?wait_for_active_shards=2&timeout=1s',
    body: creates('copies', fine, fine),
  },
]
