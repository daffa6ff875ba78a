import type { Agent, IncomingHttpHeaders } from 'node:http'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'

export interface Sent {
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  /** In all, from the start to the last byte. Default 30 s. */
  readonly timeoutMs?: number
  /** Default: a connection of its own, closed after the answer. */
  readonly agent?: Agent
}

export interface Received {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/**
 * One HTTP request with exactly these headers, and its answer. Not `fetch`: that adds headers, refuses some
 * requests, and keeps sockets to a server which a test has killed since. Rejects when no answer comes.
 */
export function exchange(method: string, url: string, sent: Sent = {}): Promise<Received> {
  return new Promise((resolve, reject) => {
    const timeoutMs = sent.timeoutMs ?? 30_000
    const send = url.startsWith('https:') ? httpsRequest : httpRequest
    const request = send(url, { method, headers: sent.headers, agent: sent.agent ?? false })
    const timer = setTimeout(() => {
      request.destroy(new Error(`${method} ${url}: no answer in ${timeoutMs} ms`))
    }, timeoutMs)
    request.on('close', () => clearTimeout(timer))
    request.on('error', reject)
    request.on('response', (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('error', reject)
      response.on('end', () => {
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(parts),
        })
      })
    })
    // Content-Length, as a shipper sends it; a GET without a body has none.
    if (sent.body === undefined) request.end()
    else request.setHeader('content-length', Buffer.byteLength(sent.body)).end(sent.body)
  })
}
