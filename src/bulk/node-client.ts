import { lookup as systemLookup } from 'node:dns'
import type { ConnectionOptions } from 'node:tls'
import { Client } from '@elastic/elasticsearch'
import type { Clock } from '../core/platform.ts'
import type { Attempt } from './attempt.ts'
import type { BulkAuth, BulkOptions, BulkTlsOptions } from './bulk-options.ts'
import { BulkTransport } from './bulk-transport.ts'
import { createNodeConnection } from './node-connection.ts'
import { NodeSockets } from './node-sockets.ts'
import type { Reply } from './reply-reader.ts'

export interface NodeRequest {
  readonly query: string
  readonly body: Buffer
  readonly gzipped: boolean
}

/** One node: the Elastic client over our own sockets. */
export class NodeClient {
  /** Origin and path prefix. */
  readonly name: string
  /** Name or address, IPv6 without brackets. */
  readonly hostname: string
  readonly #sockets: NodeSockets
  readonly #client: Client

  /** Throws a `TypeError` where the URL holds credentials: they would turn up in messages. */
  constructor(node: string, options: BulkOptions, clock: Clock) {
    const url = new URL(node)
    if (url.username !== '' || url.password !== '') {
      throw new TypeError(`credentials belong into auth, not into the URL of ${url.origin}`)
    }
    const prefix = url.pathname.replace(/\/+$/, '')
    this.name = url.origin + prefix
    const secure = url.protocol === 'https:'
    if (options.caFingerprint !== undefined && !secure) {
      throw new TypeError(`caFingerprint needs https, which ${this.name} is not`)
    }
    this.hostname = url.hostname.replace(/^\[(.*)\]$/, '$1')
    this.#sockets = new NodeSockets(
      {
        origin: url.origin,
        route: {
          hostname: this.hostname,
          port: Number(url.port || (secure ? 443 : 80)),
          secure,
          tls: nodeTls(options.tls),
          caFingerprint: options.caFingerprint,
          lookup: options.lookup ?? systemLookup,
          connectMs: options.timeouts.connectMs,
          dnsMs: options.timeouts.dnsMs,
        },
        idleMs: options.timeouts.idleMs,
        maxSockets: options.maxSockets,
      },
      clock,
    )
    this.#client = new Client({
      node: { url: new URL(this.name) },
      Connection: createNodeConnection(this.#sockets, prefix),
      Transport: BulkTransport,
      // The client writes into what it is given, and sends `X-A` beside `x-a`.
      headers: lowerCaseNames(options.headers),
      ...(options.auth && { auth: clientAuth(options.auth) }),
      compression: false,
      maxRetries: 0,
      enableMetaHeader: false,
      sniffOnStart: false,
      sniffInterval: false,
      sniffOnConnectionFault: false,
    })
  }

  /** One `POST _bulk`. Every answer is data; rejects with a `TryError` where there is none. */
  async send(request: NodeRequest, attempt: Attempt, signal: AbortSignal): Promise<Reply> {
    const {
      statusCode = 0,
      headers = {},
      body,
    } = await this.#client.transport.request(
      {
        method: 'POST',
        path: '/_bulk',
        querystring: request.query,
        bulkBody: request.body,
      },
      {
        asStream: true,
        meta: true,
        context: { attempt },
        signal,
        headers: request.gzipped ? { 'content-encoding': 'gzip' } : {},
      },
    )
    if (!Buffer.isBuffer(body)) throw new TypeError('the client did not pass on the bytes')
    return { statusCode, headers, body }
  }

  /** See `NodeSockets.keepTo`. */
  keepTo(addresses: readonly string[]): void {
    this.#sockets.keepTo(addresses)
  }

  /** See `NodeSockets.closeIdle`. */
  closeIdle(): void {
    this.#sockets.closeIdle()
  }

  async close(): Promise<void> {
    await this.#client.close()
  }
}

function lowerCaseNames(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  )
}

function clientAuth(auth: BulkAuth) {
  switch (auth.kind) {
    case 'basic':
      return { username: auth.username, password: auth.password }
    case 'apiKey':
      return { apiKey: auth.apiKey }
    case 'bearer':
      return { bearer: auth.token }
  }
}

/** Bytes that came through a structured clone are no Buffers any more, and Node's types take no readonly arrays. */
function nodeTls(options: BulkTlsOptions): ConnectionOptions {
  const { ca, cert, key, pfx, ...rest } = options
  const given = Object.entries({ ca, cert, key, pfx }).flatMap(([name, material]) =>
    material === undefined ? [] : [[name, [material].flat().map(asTlsBytes)] as const],
  )
  return { ...rest, ...Object.fromEntries(given) }
}

function asTlsBytes(material: string | Uint8Array): string | Buffer {
  return typeof material === 'string' ? material : Buffer.from(material)
}
