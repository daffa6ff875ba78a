/** Every kind of fault that the server can play. */
export const faultKinds = [
  'hang',
  'hang-body',
  'black-hole',
  'reset-on-accept',
  'reset-mid-upload',
  'reset-on-reuse',
  'store-then-reset',
  'status',
  'html',
  'truncated',
  'short-items',
  'long-items',
  'items',
  'slow',
  'too-large',
  'empty-200',
] as const

export type FaultKind = (typeof faultKinds)[number]

/** To which requests a fault applies. What is left out does not narrow. */
export interface FaultWhen {
  /** `_bulk`: bulk requests only (default). `any`: all requests; then `requests` and `every` count all of them. */
  readonly path?: '_bulk' | 'any'
  /**
   * From this request to that one, both included, counted from 1 since the server was created; without the second
   * number there is no end. For `reset-on-accept` connections are counted; for `black-hole` the first number is
   * the request whose arrival begins it.
   */
  readonly requests?: readonly [from: number, to?: number]
  /** Every n-th request: 3 means 3, 6, 9 … */
  readonly every?: number
  /** Not before this many ms since the fault was added. Default 0. */
  readonly afterMs?: number
  /** For this many ms from there on. Default: until it is switched off. */
  readonly forMs?: number
  /** At most this many times. Default: without limit. Not for `black-hole`. */
  readonly times?: number
  /** By chance, 0 to 1. Default 1. The same `seed` gives the same choices. Not for `black-hole`. */
  readonly probability?: number
  /** For `probability` and for the `fraction` of `items`. Default 1. */
  readonly seed?: number
  /**
   * Only for bodies above this many bytes, unpacked. `slow` and `reset-mid-upload` act before the body is
   * there and look at Content-Length.
   */
  readonly minBytes?: number
  /** Only on the server whose option `name` is this: for one list of faults on several servers. */
  readonly node?: string
}

interface FaultBase {
  readonly when?: FaultWhen
}

/** Reads the request and never answers. Every later byte on that socket is ignored; it stays open. */
export interface HangFault extends FaultBase {
  readonly kind: 'hang'
  /** Are the documents stored all the same? Default false. */
  readonly store?: boolean
}

/** Sends headers and a part of the body, then nothing, ever, on that socket. */
export interface HangBodyFault extends FaultBase {
  readonly kind: 'hang-body'
  /** Bytes of the body that are sent. Default: half of it. */
  readonly keepBytes?: number
  /** Default true. */
  readonly store?: boolean
}

/**
 * The machine is gone without a word. While it lasts, each socket that exists or is accepted swallows
 * all bytes and never answers; afterwards those sockets stay dead and new connections work. Of `when`, `requests`
 * (its first number), `afterMs`, `forMs` and `node` count; `forMs` runs from the moment it begins.
 */
export interface BlackHoleFault extends FaultBase {
  readonly kind: 'black-hole'
}

/** Accepts a connection and resets it at once, before any byte and before TLS. */
export interface ResetOnAcceptFault extends FaultBase {
  readonly kind: 'reset-on-accept'
}

/** Resets the connection in the middle of the body. */
export interface ResetMidUploadFault extends FaultBase {
  readonly kind: 'reset-mid-upload'
  /** After this many bytes of the body, or at its end if it is shorter. Default 1. */
  readonly afterBytes?: number
  /** Are the documents stored that had come whole? Elasticsearch 9 begins to store while the body arrives. Default false. */
  readonly store?: boolean
}

/**
 * Answers this request normally; when the first byte of the next one arrives on the same socket, the
 * connection breaks. The request that is recorded with this fault is the one that was answered.
 */
export interface ResetOnReuseFault extends FaultBase {
  readonly kind: 'reset-on-reuse'
  /** Default `rst`. */
  readonly how?: 'rst' | 'fin'
}

/** Stores the documents and drops the answer. */
export interface StoreThenResetFault extends FaultBase {
  readonly kind: 'store-then-reset'
  /** Default `rst`. */
  readonly how?: 'rst' | 'fin'
}

/** Answers with a status of choice. */
export interface StatusFault extends FaultBase {
  readonly kind: 'status'
  readonly status: number
  /** The header Retry-After: seconds as a number, or a date that many seconds away. Default: none, as Elasticsearch. */
  readonly retryAfter?: number | { readonly dateInSeconds: number }
  /** `json` (default): Elasticsearch's own error. `html`: a proxy's page. `empty`. Any other text: sent as it is, text/plain. */
  readonly body?: 'json' | 'html' | 'empty' | (string & {})
  /** With body `json`: `error.type`. Default: what Elasticsearch says with this status. */
  readonly type?: string
  /** With body `json`: `error.reason`. */
  readonly reason?: string
  /** More headers, or other values for the usual ones. */
  readonly headers?: Readonly<Record<string, string>>
  /** Default false. */
  readonly store?: boolean
}

/** A proxy's HTML page, as nginx sends it. */
export interface HtmlFault extends FaultBase {
  readonly kind: 'html'
  /** Default 502. 200 is a page that pretends to be an answer. */
  readonly status?: number
  /** Default false. */
  readonly store?: boolean
}

/** An answer that ends too early. */
export interface TruncatedFault extends FaultBase {
  readonly kind: 'truncated'
  /** `fin` (default): Content-Length promises more than comes before the FIN. `json`: a well-formed transfer of cut JSON. */
  readonly mode?: 'fin' | 'json'
  /** Bytes of the body that are sent. Default: half of it. */
  readonly keepBytes?: number
  /** Default true. */
  readonly store?: boolean
}

/** A 200 whose list has no entry for the last documents. */
export interface ShortItemsFault extends FaultBase {
  readonly kind: 'short-items'
  /** How many are missing. Default 1. */
  readonly count?: number
  /** Are the missing ones stored? Default false, as with a body that was cut on its way. */
  readonly store?: boolean
}

/** A 200 whose list has entries for documents that were never sent. */
export interface LongItemsFault extends FaultBase {
  readonly kind: 'long-items'
  /** How many too many. Default 1. */
  readonly count?: number
}

/**
 * A status for some documents of a request; the others are handled normally. A document meets the rule when
 * all of `match`, `id`, `everyNth` and `fraction` that are given agree; with none, each does. Several such faults
 * work together: the first in the list that a document meets decides.
 */
export interface ItemsFault extends FaultBase {
  readonly kind: 'items'
  /** 200 and 201 store the document; every other status does not. */
  readonly status: number
  /** Fields (`a.b` for nested ones) and the values they must have. */
  readonly match?: Readonly<Record<string, string | number | boolean | null>>
  readonly id?: string
  /** Every n-th document that this fault looks at, across requests. */
  readonly everyNth?: number
  /** This share of the documents, 0 to 1, chosen by `when.seed`. */
  readonly fraction?: number
  /** `error.type`. Default: what Elasticsearch says with this status. */
  readonly type?: string
  readonly reason?: string
  /** Adds `failure_store` to the item; `used` stores the document in the failure store of its stream. */
  readonly failureStore?: 'used' | 'not_enabled' | 'failed'
}

/** Takes its time. Works together with any other fault. */
export interface SlowFault extends FaultBase {
  readonly kind: 'slow'
  /** Wait before the answer, in ms, when the documents are already stored. Default 0. */
  readonly delayMs?: number
  /** Reads the body no faster than this. Default: without limit. */
  readonly bytesPerSecond?: number
}

/** Answers 413 to bodies above a size. */
export interface TooLargeFault extends FaultBase {
  readonly kind: 'too-large'
  readonly maxBytes: number
  /** `unpacked` (default) as Elasticsearch counts, `wire` as nginx does. */
  readonly count?: 'unpacked' | 'wire'
  /** `empty` (default) as Elasticsearch, `html` as nginx. */
  readonly body?: 'empty' | 'html'
}

/** A 200 with an empty body, as VictoriaLogs answers to everything that it could not read. */
export interface Empty200Fault extends FaultBase {
  readonly kind: 'empty-200'
  /** Default false. */
  readonly store?: boolean
}

/** Something that goes wrong: plain data, fit for JSON, so that a failing case prints itself. */
export type Fault =
  | HangFault
  | HangBodyFault
  | BlackHoleFault
  | ResetOnAcceptFault
  | ResetMidUploadFault
  | ResetOnReuseFault
  | StoreThenResetFault
  | StatusFault
  | HtmlFault
  | TruncatedFault
  | ShortItemsFault
  | LongItemsFault
  | ItemsFault
  | SlowFault
  | TooLargeFault
  | Empty200Fault
