import type { IncomingMessage } from 'node:http'
import { performance } from 'node:perf_hooks'
import type { FaultKind } from './fault.ts'
import type { Gate } from './gate.ts'

/** One request that came in, and what became of it. */
export interface RecordedRequest {
  /** Among all requests, from 1, in the order in which they began. */
  readonly number: number
  /** Among bulk requests, from 1; undefined for others. */
  readonly bulkNumber: number | undefined
  /** When it began, in ms since the server was created. */
  readonly at: number
  readonly method: string
  /** Without the query. */
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  /** Names in lower case. `authorization` and `proxy-authorization` read `[redacted]`. */
  readonly headers: Readonly<Record<string, string>>
  /** Bytes of the body as they came over the connection. */
  readonly bytes: number
  /** Documents in the body, as far as it came and could be read. */
  readonly documents: number
  /** Entries in the list of the answer; undefined where there was no list. */
  readonly items: number | undefined
  /** What was played. Of several at once: the one that decided the answer, else `items`, else `slow`. */
  readonly fault: FaultKind | undefined
  /** The status that was sent, or `none`. */
  readonly answered: number | 'none'
  /** Number of the connection, from 1. */
  readonly socket: number
  /** Among the requests of that connection, from 1: above 1 it was reused. */
  readonly requestOfSocket: number
}

/** A request that is still going on. */
export type OpenRequest = Omit<
  RecordedRequest,
  'bytes' | 'documents' | 'items' | 'fault' | 'answered'
>

/** The part that is known at the end. */
export type RequestEnd = Pick<
  RecordedRequest,
  'bytes' | 'documents' | 'items' | 'fault' | 'answered'
>

/** The requests of a server, the newest `keep` of them, and how often each document was received. */
export class RequestLog {
  readonly #requests: RecordedRequest[] = []
  readonly #received = new Map<string, number>()
  readonly #keep: number
  readonly #onChange: () => void
  readonly #startedAt = performance.now()
  #number = 0
  #bulkNumber = 0

  constructor(keep: number, onChange: () => void) {
    this.#keep = keep
    this.#onChange = onChange
  }

  get requests(): readonly RecordedRequest[] {
    return this.#requests
  }

  begin(request: IncomingMessage, gate: Gate, bulk: boolean): OpenRequest {
    const [path = '/', query = ''] = (request.url ?? '/').split('?', 2)
    return {
      number: ++this.#number,
      bulkNumber: bulk ? ++this.#bulkNumber : undefined,
      at: performance.now() - this.#startedAt,
      method: request.method ?? 'GET',
      path,
      query: Object.fromEntries(new URLSearchParams(query)),
      headers: redact(request),
      socket: gate.id,
      requestOfSocket: ++gate.requests,
    }
  }

  /** Records a request whose end is known, before the client can learn of it. */
  end(request: OpenRequest, end: RequestEnd): void {
    this.#requests.push({ ...request, ...end })
    if (this.#requests.length > this.#keep) this.#requests.shift()
    this.#onChange()
  }

  receive(id: string): void {
    this.#received.set(id, this.timesReceived(id) + 1)
  }

  timesReceived(id: string): number {
    return this.#received.get(id) ?? 0
  }
}

function redact(request: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(request.headers)) {
    headers[name] = name.endsWith('authorization') ? '[redacted]' : String(value)
  }
  return headers
}
