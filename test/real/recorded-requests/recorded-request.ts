import type { Settings } from '../launch-node.ts'
import type { ServerKind } from '../prepare-server.ts'

/** A request that only prepares the ground; its answer must be 2xx and is not kept. */
export type Step = readonly [method: string, path: string, body?: object | string]

/** One answer to record: what to ask a fresh node, and what it teaches. Names of files are names of requests. */
export interface RecordedRequest {
  readonly name: string
  readonly note: string
  /** Node settings. Requests with the same settings share one node. */
  readonly settings?: Settings
  readonly before?: readonly Step[]
  /** Default POST. */
  readonly method?: string
  readonly path: string
  /** Default: NDJSON where there is a body. */
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  /** Sent so many times at once; the first answer that holds `keep` is kept, the first of all without. */
  readonly times?: number
  readonly keep?: string
  readonly after?: readonly Step[]
  /** Default: both servers. */
  readonly only?: ServerKind
}
