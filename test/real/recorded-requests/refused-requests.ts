import { action, asked, creates, fine } from './bodies.ts'
import type { RecordedRequest } from './recorded-request.ts'

/** The whole request is refused. */
export const refusedRequests: readonly RecordedRequest[] = [
  wholeCase('malformed-action-first', 'the first action line is cut', [
    '{"create":{"_index":"whole","_id":',
    fine,
    action('whole', '2'),
    fine,
  ]),
  wholeCase('malformed-action-middle', 'the second action line is cut', [
    action('whole', '1'),
    fine,
    '{"create":{"_index":"whole","_id":',
    fine,
  ]),
  wholeCase('action-not-json', 'the second action line is text', [
    action('whole', '1'),
    fine,
    'oops',
    fine,
  ]),
  wholeCase('unknown-action', 'an action that does not exist', [
    '{"insert":{"_index":"whole"}}',
    fine,
  ]),
  wholeCase('unknown-action-key', 'a key of the action that does not exist', [
    action('whole', '1', ',"_foo":1'),
    fine,
  ]),
  wholeCase('id-too-long', 'one _id of 513 bytes among three', [
    action('whole', '1'),
    fine,
    action('whole', 'x'.repeat(513)),
    fine,
    action('whole', '3'),
    fine,
  ]),
  wholeCase('no-index', 'no index, neither in the path nor in the action', ['{"create":{}}', fine]),
  wholeCase('line-without-action', 'two documents behind one action', [
    action('whole', '1'),
    fine,
    fine,
  ]),
  {
    name: 'no-final-newline',
    note: 'the body does not end in a newline',
    path: `/_bulk?${asked}`,
    body: creates('whole', fine).trimEnd(),
  },
  { name: 'only-newline', note: 'a body of one newline', path: `/_bulk?${asked}`, body: '\n' },
  { name: 'empty-body', note: 'a body of 0 bytes', path: `/_bulk?${asked}`, body: '' },
  {
    name: 'unknown-parameter',
    note: 'a parameter that it does not know',
    path: '/_bulk?loudsink=1',
    body: creates('whole', fine),
  },
  {
    name: 'bad-timeout',
    note: 'a timeout without a unit',
    path: '/_bulk?timeout=20',
    body: creates('whole', fine),
  },
  {
    name: 'no-handler',
    note: 'a path prefix that is not there',
    path: '/prefix/elastic/_bulk',
    body: creates('whole', fine),
  },
  { name: 'method-not-allowed', note: 'GET', method: 'GET', path: '/whole/_bulk' },
  {
    name: 'content-type-missing',
    note: 'no Content-Type',
    path: `/_bulk?${asked}`,
    headers: {},
    body: creates('whole', fine),
  },
  {
    name: 'content-type-text',
    note: 'Content-Type text/plain',
    path: `/_bulk?${asked}`,
    headers: { 'content-type': 'text/plain' },
    body: creates('whole', fine),
  },
  {
    name: 'content-type-elastic-9',
    note: 'the media types that the Elastic client 9 sends by itself',
    path: `/_bulk?${asked}`,
    headers: {
      'content-type': 'application/vnd.elasticsearch+x-ndjson; compatible-with=9',
      accept: 'application/vnd.elasticsearch+json; compatible-with=9',
    },
    body: creates('whole-9', fine),
  },
]

function wholeCase(name: string, note: string, lines: readonly string[]): RecordedRequest {
  return { name, note, path: `/_bulk?${asked}`, body: `${lines.join('\n')}\n` }
}
