import type { Agent, IncomingHttpHeaders } from 'node:http'
import { request } from 'node:http'
import type { RequestOptions } from 'node:https'
import { request as requestOverTls } from 'node:https'

export interface Sent {
  readonly method?: string
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer | undefined
  readonly agent?: Agent
  readonly tls?: RequestOptions
  /** No Content-Length. */
  readonly chunked?: boolean
  /** How long the request may take to leave. Default 5,000. */
  readonly leaveMs?: number
  /** How long to wait for the end of the answer once the request has left. Default 5,000. */
  readonly timeoutMs?: number
}

/** What a client saw: an answer, or the code of the error that ended it. */
export interface Seen {
  readonly status: number | undefined
  readonly headers: IncomingHttpHeaders
  readonly bytes: Buffer
  readonly text: string
  readonly code: string | undefined
}

/** One request on a connection of its own, unless an agent is given. Never rejects; `timeout` is a code. */
export function send(url: string, sent: Sent): Promise<Seen> {
  return new Promise((resolve) => {
    const { protocol, hostname, port, pathname } = new URL(url)
    const start = protocol === 'https:' ? requestOverTls : request
    const base = pathname === '/' ? '' : pathname
    const body = sent.body === undefined ? undefined : Buffer.from(sent.body)
    const length =
      body === undefined || sent.chunked ? {} : { 'content-length': String(body.length) }
    const outgoing = start({
      hostname,
      port,
      method: sent.method ?? 'POST',
      path: `${base}${sent.path ?? '/_bulk'}`,
      headers: { ...length, ...sent.headers },
      agent: sent.agent ?? false,
      ...sent.tls,
    })
    let status: number | undefined
    let headers: IncomingHttpHeaders = {}
    const chunks: Buffer[] = []
    let isSettled = false
    const settle = (code: string | undefined): void => {
      isSettled = true
      clearTimeout(timer)
      const bytes = Buffer.concat(chunks)
      resolve({ status, headers, bytes, text: bytes.toString(), code })
    }
    const fail = (error: NodeJS.ErrnoException): void => settle(error.code ?? error.message)
    const giveUp = (): void => {
      settle('timeout')
      outgoing.destroy()
    }
    const waitMs = sent.timeoutMs ?? 5_000
    let timer = setTimeout(giveUp, sent.leaveMs ?? 5_000)
    outgoing.on('finish', () => {
      clearTimeout(timer)
      if (!isSettled) timer = setTimeout(giveUp, waitMs)
    })
    outgoing.on('error', fail)
    outgoing.on('response', (response) => {
      status = response.statusCode
      headers = response.headers
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => settle(undefined))
      response.on('error', fail)
    })
    outgoing.end(body)
  })
}

export const ndjson = { 'content-type': 'application/x-ndjson' }

/** A bulk body that creates these documents in `index`, with `_id`s `d0`, `d1` … and a field `seq`. */
export function bulkBody(count: number, options: { from?: number; index?: string } = {}): string {
  const { from = 0, index = 'app' } = options
  return Array.from({ length: count }, (_, i) => {
    const seq = from + i
    const action = JSON.stringify({ create: { _index: index, _id: `d${seq}` } })
    return `${action}\n${JSON.stringify({ '@timestamp': 1_767_323_045_678, seq })}\n`
  }).join('')
}

export function sendBulk(
  url: string,
  count: number,
  sent: Sent & { from?: number } = {},
): Promise<Seen> {
  const from = sent.from === undefined ? {} : { from: sent.from }
  return send(url, {
    body: bulkBody(count, from),
    ...sent,
    headers: { ...ndjson, ...sent.headers },
  })
}

/** Status of each item of a bulk answer. */
export function itemStatuses(seen: Seen): readonly number[] {
  const answer = JSON.parse(seen.text) as { items: Record<string, { status: number }>[] }
  return answer.items.flatMap((item) => Object.values(item).map(({ status }) => status))
}
