/**
 * Records what real servers answer, as fixtures for the classifier's tests and the faulty server:
 *
 *     node --import tsx test/real/record-answers.ts [elasticsearch|opensearch] [folder]
 *
 * Default: both servers, `test/fixtures/answers`. Writes `<folder>/<server>/recorded/<name>.json`, each
 * `{ note, request, status, headers, body }`, in place of all that was recorded there before. Texts over 2 KB are
 * cut and say how long they were; bytes that are not text stand as `{ base64, bytes }`.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { Agent } from 'node:http'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import type { Received } from './exchange.ts'
import { exchange } from './exchange.ts'
import type { Settings } from './launch-node.ts'
import type { ServerKind } from './prepare-server.ts'
import type { RealNode } from './real-node.ts'
import { startRealNode } from './real-node.ts'
import { allRequests } from './recorded-requests/all-requests.ts'
import type { RecordedRequest } from './recorded-requests/recorded-request.ts'

/** Longer texts are cut, in characters: some answers repeat a whole document. */
const maxText = 2_048

const ndjson = { 'content-type': 'application/x-ndjson' }

const streams = {
  index_patterns: ['logs-*'],
  data_stream: {},
  priority: 200,
  template: { settings: { number_of_shards: 1, number_of_replicas: 0 } },
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

async function record(kind: ServerKind, folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const [settings, requests] of groups(kind)) {
    const node = await startRealNode(kind, { settings: JSON.parse(settings) as Settings })
    try {
      await node.ask('PUT', '/_index_template/logs', streams)
      for (const request of requests) await recordOne(node, request, folder)
    } finally {
      await node.close()
    }
  }
}

/** Requests that can share a node, under its settings as JSON. */
function groups(kind: ServerKind): Map<string, RecordedRequest[]> {
  const found = new Map<string, RecordedRequest[]>()
  for (const request of allRequests) {
    if (request.only !== undefined && request.only !== kind) continue
    const settings = JSON.stringify(request.settings ?? {})
    found.set(settings, [...(found.get(settings) ?? []), request])
  }
  return found
}

async function recordOne(node: RealNode, request: RecordedRequest, folder: string): Promise<void> {
  for (const step of request.before ?? []) await node.ask(...step)
  const answer = await send(node, request)
  for (const step of request.after ?? []) await node.ask(...step)
  if (answer === undefined) {
    say(`${node.kind} ${request.name}: no answer held ${request.keep ?? 'anything'}, not recorded`)
    process.exitCode = 1
    return
  }
  const file = join(folder, `${request.name}.json`)
  writeFileSync(file, `${JSON.stringify(fixture(node, request, answer), null, 1)}\n`)
  say(`${node.kind} ${request.name}: ${answer.status}`)
}

/** The answer to keep; undefined when none of several is the one. */
async function send(node: RealNode, request: RecordedRequest): Promise<Received | undefined> {
  // As a shipper does: without an agent Node asks the server to close, and the answer would say so.
  const agent = new Agent({ keepAlive: true })
  try {
    const one = () =>
      exchange(request.method ?? 'POST', `${node.url}${request.path}`, {
        headers: headersOf(request),
        ...(request.body === undefined ? {} : { body: request.body }),
        agent,
      })
    const received = await Promise.all(Array.from({ length: request.times ?? 1 }, one))
    const { keep } = request
    return received.find((answer) => keep === undefined || answer.body.includes(keep))
  } finally {
    agent.destroy()
  }
}

function headersOf(request: RecordedRequest): Readonly<Record<string, string>> {
  return request.headers ?? (request.body === undefined ? {} : ndjson)
}

function fixture(node: RealNode, request: RecordedRequest, answer: Received): object {
  const { body } = request
  return {
    note: `${request.note} (${node.kind} ${node.version})`,
    request: {
      method: request.method ?? 'POST',
      path: request.path,
      headers: headersOf(request),
      ...(body === undefined ? {} : { body: textOrBytes(Buffer.from(body)) }),
    },
    status: answer.status,
    headers: answer.headers,
    body: parsed(answer),
  }
}

function textOrBytes(bytes: Buffer): unknown {
  const text = bytes.toString()
  if (Buffer.from(text).equals(bytes)) return cut(text)
  return { base64: cut(bytes.toString('base64')), bytes: bytes.length }
}

function parsed(answer: Received): unknown {
  const text = answer.body.toString()
  if (!answer.headers['content-type']?.includes('json')) return cut(text)
  return JSON.parse(text, (_, value: unknown) => (typeof value === 'string' ? cut(value) : value))
}

function cut(text: string): string {
  if (text.length <= maxText) return text
  // Never between the halves of a surrogate pair.
  const end = /[\uD800-\uDBFF]/.test(text.charAt(maxText - 1)) ? maxText - 1 : maxText
  return `${text.slice(0, end)}…[${Buffer.byteLength(text)} bytes]`
}

const [server, into] = process.argv.slice(2)
const kinds = (['elasticsearch', 'opensearch'] as const).filter(
  (kind) => server === undefined || server === kind,
)
if (kinds.length === 0) throw new Error(`no such server: ${server}`)
const answers = into ?? fileURLToPath(new URL('../fixtures/answers', import.meta.url))
for (const kind of kinds) {
  const started = Date.now()
  await record(kind, join(answers, kind, 'recorded'))
  say(`${kind}: done in ${((Date.now() - started) / 1_000).toFixed(1)} s`)
}
