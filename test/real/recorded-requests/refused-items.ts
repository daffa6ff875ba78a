import { action, asked, creates, createsBytes, fine, mapped, timestamp } from './bodies.ts'
import type { RecordedRequest } from './recorded-request.ts'

/** Item errors: the request is 200, all other lines are stored. */
export const refusedItems: readonly RecordedRequest[] = [
  mappingCase('mapping-long', { n: { type: 'long' } }, '"n":"not a number"'),
  mappingCase('mapping-date', { d: { type: 'date' } }, '"d":"yesterday"'),
  mappingCase('mapping-ip', { ip: { type: 'ip' } }, '"ip":"::zz"'),
  mappingCase('mapping-boolean', { b: { type: 'boolean' } }, '"b":"maybe"'),
  mappingCase('mapping-object-expected', { o: { properties: {} } }, '"o":"scalar"'),
  mappingCase('mapping-scalar-expected', { s: { type: 'keyword' } }, '"s":{"a":1}'),
  mappingCase('immense-term', { k: { type: 'keyword' } }, `"k":"${'x'.repeat(40_000)}"`),
  mappingCase('number-too-big', { n: { type: 'long' } }, '"n":9223372036854775808'),
  {
    name: 'strict-mapping',
    note: 'dynamic: strict',
    before: [
      mapped('strict', { dynamic: 'strict', properties: { '@timestamp': { type: 'date' } } }),
    ],
    path: `/_bulk?${asked}`,
    body: creates('strict', `{${timestamp}}`, `{${timestamp},"new":1}`),
  },
  {
    name: 'total-fields',
    note: 'index.mapping.total_fields.limit 3',
    before: [mapped('total-fields', {}, { 'index.mapping.total_fields.limit': 3 })],
    path: `/_bulk?${asked}`,
    body: creates('total-fields', `{${timestamp}}`, '{"a":1,"b":2,"c":3,"d":4}', `{${timestamp}}`),
  },
  brokenLine('duplicate-key', '{"a":1,"a":2}'),
  brokenLine('duplicate-key-nested', '{"a":{"b":{"c":1,"c":2}}}'),
  brokenLine('control-byte-raw', '{"m":"a\u0001b"}'),
  brokenLine('tab-raw', '{"m":"a\tb"}'),
  brokenLine('nul-raw', '{"m":"a\u0000b"}'),
  brokenLine('line-cut', '{"m":"a'),
  brokenLine('line-empty', ''),
  brokenLine('line-array', '[1,2]'),
  brokenLine('line-string', '"text"'),
  brokenLine('line-trailing-garbage', '{"m":1} x'),
  brokenLine('line-two-documents', '{"m":1}{"m":2}'),
  brokenLine('line-not-a-number', '{"m":NaN}'),
  brokenLine('metadata-field', '{"_id":"own"}'),
  brokenLine('empty-key', '{"":1}'),
  brokenLine('deep', `${'{"a":'.repeat(1_200)}1${'}'.repeat(1_200)}`),
  brokenBytes('invalid-utf8', Buffer.from([0xff, 0xfe, 0x80])),
  brokenBytes('invalid-utf8-cut-sequence', Buffer.from([0xe2, 0x82])),
  brokenBytes('invalid-utf8-latin1', Buffer.from([0xe9])),
  streamCase('stream-timestamp-missing', '{"m":"x"}'),
  streamCase('stream-timestamp-text', '{"@timestamp":"soon"}'),
  streamCase('stream-timestamp-null', '{"@timestamp":null}'),
  {
    name: 'stream-index-op',
    note: 'a data stream takes only create',
    before: [['POST', '/_bulk', creates('logs-op', fine)]],
    path: `/_bulk?${asked}`,
    body: `{"index":{"_index":"logs-op","_id":"2"}}\n${fine}\n`,
  },
  {
    name: 'id-empty',
    note: 'an empty _id',
    path: `/_bulk?${asked}`,
    body: `${action('id-empty', 'a')}\n${fine}\n${action('id-empty', '')}\n${fine}\n`,
  },
]

function mappingCase(name: string, properties: object, field: string): RecordedRequest {
  const body = creates(name, `{${timestamp}}`, `{${timestamp},${field}}`, `{${timestamp}}`)
  const note = 'the second of three does not fit the mapping'
  return { name, note, before: [mapped(name, { properties })], path: `/_bulk?${asked}`, body }
}

function brokenLine(name: string, line: string): RecordedRequest {
  const note = 'the second of three is broken'
  return { name, note, path: `/_bulk?${asked}`, body: creates(name, fine, line, fine) }
}

function brokenBytes(name: string, bytes: Uint8Array): RecordedRequest {
  const line = Buffer.concat([Buffer.from('{"m":"'), bytes, Buffer.from('"}')])
  const body = createsBytes(name, Buffer.from(fine), line, Buffer.from(fine))
  return { name, note: 'the second of three has such bytes', path: `/_bulk?${asked}`, body }
}

function streamCase(name: string, line: string): RecordedRequest {
  const note = 'into a data stream, the second of three'
  const body = creates(`logs-${name}`, fine, line, fine)
  return { name, note, path: `/_bulk?${asked}`, body }
}
