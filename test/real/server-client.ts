import type { IncomingHttpHeaders } from 'node:http'
import { exchange } from './exchange.ts'
import type { ServerKind } from './prepare-server.ts'

/** Documents in one page of a scroll; `max_result_window` allows no more. */
const pageSize = 10_000

/** More pages than any test fills. */
const maxPages = 1_000

export interface Credentials {
  readonly username: string
  readonly password: string
}

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** The parsed body; a string where it is not JSON, undefined where it is empty. */
  readonly json: unknown
}

export interface StoredDocument {
  readonly id: string
  /** The backing index, where a data stream was read. */
  readonly index: string
  /** `@timestamp` as the server understands it, epoch ms; undefined without one, NaN where it is not a date there. */
  readonly timestampMs: number | undefined
  /** The fields that were asked for, as they were sent. */
  readonly source: Readonly<Record<string, unknown>>
}

export interface ServerIdentity {
  /** Without a slash at the end, and without credentials. */
  readonly url: string
  readonly kind: ServerKind
  readonly version: string
  readonly credentials?: Credentials
}

interface Page {
  readonly _scroll_id: string
  readonly hits: {
    readonly hits: readonly {
      readonly _id: string
      readonly _index: string
      readonly _source?: Record<string, unknown>
      readonly fields?: Readonly<Record<string, readonly unknown[]>>
    }[]
  }
}

/** A server to be asked what it stored. It goes to the server directly, past everything under test. */
export class ServerClient {
  readonly url: string
  readonly kind: ServerKind
  readonly version: string
  readonly credentials: Credentials | undefined

  constructor(identity: ServerIdentity) {
    this.url = identity.url
    this.kind = identity.kind
    this.version = identity.version
    this.credentials = identity.credentials
  }

  /**
   * Sends a request as it is: `path` begins with a slash, text and bytes go as NDJSON, all else as JSON. Any
   * answer is returned, whatever its status. Rejects when there is none.
   */
  async request(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const raw = typeof body === 'string' || body instanceof Uint8Array
    const type = raw ? 'application/x-ndjson' : 'application/json'
    const received = await exchange(method, `${this.url}${path}`, {
      headers: {
        ...(body === undefined ? {} : { 'content-type': type }),
        ...authorization(this.credentials),
        ...headers,
      },
      ...(body === undefined ? {} : { body: raw ? body : JSON.stringify(body) }),
    })
    return {
      status: received.status,
      headers: received.headers,
      json: parse(received.body.toString()),
    }
  }

  /** As `request`, but rejects unless the status is 2xx; gives the parsed body. */
  async ask(method: string, path: string, body?: unknown): Promise<unknown> {
    const { status, json } = await this.request(method, path, body)
    if (status >= 200 && status < 300) return json
    throw new Error(`${method} ${path}: ${status} ${JSON.stringify(json)}`)
  }

  /** Makes all that was stored in the index or data stream visible to searches. */
  async refresh(index: string): Promise<void> {
    await this.ask('POST', `/${index}/_refresh`)
  }

  /** Documents that a search would find: refresh first. */
  async count(index: string): Promise<number> {
    const { count } = (await this.ask('GET', `/${index}/_count`)) as { count: number }
    return count
  }

  /**
   * Every document that a search would find, in no order: refresh first. Read with a scroll: it has no limit of
   * 10,000, and unlike a search after a sort value it cannot pass over copies that share the value.
   */
  async allDocuments(
    index: string,
    { fields }: { readonly fields: readonly string[] },
  ): Promise<StoredDocument[]> {
    const documents: StoredDocument[] = []
    let page = (await this.ask('POST', `/${index}/_search?scroll=1m`, {
      size: pageSize,
      sort: ['_doc'],
      _source: fields,
      docvalue_fields: [{ field: '@timestamp', format: 'epoch_millis' }],
    })) as Page
    for (let pages = 1; page.hits.hits.length > 0; pages++) {
      if (pages > maxPages) throw new Error(`${index} holds more than ${maxPages} pages`)
      for (const hit of page.hits.hits) {
        documents.push({
          id: hit._id,
          index: hit._index,
          timestampMs: timestampOf(hit.fields?.['@timestamp']?.[0]),
          source: hit._source ?? {},
        })
      }
      const next = { scroll: '1m', scroll_id: page._scroll_id }
      page = (await this.ask('POST', '/_search/scroll', next)) as Page
    }
    await this.ask('DELETE', '/_search/scroll', { scroll_id: [page._scroll_id] })
    return documents
  }
}

/** The header that carries the credentials; none without them. */
export function authorization(credentials: Credentials | undefined): Record<string, string> {
  if (credentials === undefined) return {}
  const pair = `${credentials.username}:${credentials.password}`
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` }
}

function timestampOf(value: unknown): number | undefined {
  return value === undefined ? undefined : Number(value)
}

function parse(text: string): unknown {
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
