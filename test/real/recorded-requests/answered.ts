import { gzipSync } from 'node:zlib'
import { action, asked, creates, fine, timestamp } from './bodies.ts'
import type { RecordedRequest } from './recorded-request.ts'

/** Accepted: a 200, and what each document came to. */
export const answered: readonly RecordedRequest[] = [
  {
    name: 'ok',
    note: 'all stored, whole answer',
    path: '/_bulk',
    body: creates('ok', fine, fine),
  },
  {
    name: 'ok-asked',
    note: 'all stored, with the parameters that the transport sends',
    path: `/_bulk?${asked}`,
    body: creates('ok-asked', fine, fine, fine),
  },
  {
    name: 'ok-asked-index',
    note: 'all stored in a data stream, the backing index asked for',
    path: `/_bulk?${asked.replace('&', ',items.*._index&')}`,
    body: creates('logs-ok-asked', fine, fine),
  },
  {
    name: 'ok-gzip',
    note: 'a gzip body',
    path: `/_bulk?${asked}`,
    headers: { 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip' },
    body: gzipSync(creates('ok-gzip', fine, fine)),
  },
  {
    name: 'ok-lone-surrogate',
    note: 'an escaped lone surrogate is stored',
    path: `/_bulk?${asked}`,
    body: creates('ok-lone', fine, `{${timestamp},"m":"x\\ud800y"}`),
  },
  {
    name: 'ok-put',
    note: 'PUT works as POST does',
    method: 'PUT',
    path: `/_bulk?${asked}`,
    body: creates('ok-put', fine),
  },
  {
    name: 'conflict-resend',
    note: 'the first two were stored before',
    before: [['POST', '/_bulk', creates('conflict', fine, fine)]],
    path: '/_bulk',
    body: creates('conflict', fine, fine, fine),
  },
  {
    name: 'conflict-resend-asked',
    note: 'as conflict-resend, with the parameters that the transport sends',
    before: [['POST', '/_bulk', creates('conflict-asked', fine, fine)]],
    path: `/_bulk?${asked}`,
    body: creates('conflict-asked', fine, fine, fine),
  },
  {
    name: 'conflict-in-one-request',
    note: 'one id twice in a request: 201, then 409',
    path: `/_bulk?${asked}`,
    body: `${action('conflict-one', 'a')}\n${fine}\n${action('conflict-one', 'a')}\n${fine}\n`,
  },
  {
    name: 'fewer-items-odd-lines',
    note: 'the last action line has no document: 200, errors false, and one item less than actions',
    path: `/_bulk?${asked}`,
    body: `${creates('odd', fine, fine)}${action('odd', '3')}\n`,
  },
  {
    name: 'gzip-cut-at-line',
    note: 'a gzip stream of two documents, cut exactly behind the first',
    path: `/_bulk?${asked}`,
    headers: { 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip' },
    body: gzipCutAfter(creates('gzip-cut', fine), creates('gzip-cut', fine, fine)),
  },
  {
    name: 'rollover-resend',
    note: 'documents of a data stream sent again after a rollover are stored again, elsewhere',
    before: [
      ['POST', '/_bulk', creates('logs-rollover', fine, fine)],
      ['POST', '/logs-rollover/_rollover'],
    ],
    path: '/_bulk',
    body: creates('logs-rollover', fine, fine),
  },
]

/** Level 0 stores bytes as they are, behind 10 bytes of gzip and 5 of block header. */
function gzipCutAfter(part: string, whole: string): Buffer {
  return gzipSync(whole, { level: 0 }).subarray(0, 15 + Buffer.byteLength(part))
}
