import type { BulkAction } from './bulk-action.ts'
import { parseBulkAction } from './bulk-action.ts'
import type { ElasticError } from './elastic-error.ts'
import { illegalArgument, validationFailed } from './elastic-error.ts'

/** One action of a bulk request with its document. */
export interface BulkEntry extends BulkAction {
  /** The index of the action line, or else that of the path. */
  readonly index: string
  /** The document without its newline, a view on the body; empty for `delete`. */
  readonly line: Buffer
}

/** A bulk body understood, or why all of it is refused. */
export type BulkBody =
  | { readonly kind: 'entries'; readonly entries: readonly BulkEntry[] }
  | { readonly kind: 'refused'; readonly error: ElasticError }

export interface BulkBodyOptions {
  /** From the path of the request. */
  readonly defaultIndex: string | undefined
  /**
   * Chunked or compressed: the server does not know the length beforehand, so it drops what stands behind
   * the last newline, silently, instead of refusing the request.
   */
  readonly openEnd: boolean
  readonly quoteSource: boolean
}

const newline = 0x0a
const maxIdBytes = 512
const byteOrderMark = Buffer.from('\ufeff')

/**
 * Takes a bulk body apart as Elasticsearch 9 does, quirks included: a last action without its document is
 * dropped, empty lines between pairs are skipped, `\r\n` ends a line too.
 */
export function parseBulkBody(body: Buffer, options: BulkBodyOptions): BulkBody {
  const error = findBodyFault(body, options.openEnd)
  if (error) return { kind: 'refused', error }
  const entries: BulkEntry[] = []
  const faults: string[] = []
  const lines = new LineReader(body)
  for (let action = lines.next(); action !== undefined; action = lines.next()) {
    if (action.length === 0) continue
    const parsed = parseBulkAction(action, lines.number, options.quoteSource)
    if ('error' in parsed) return { kind: 'refused', error: parsed.error }
    const line = parsed.operation === 'delete' ? Buffer.alloc(0) : lines.next()
    if (line === undefined) break
    const index = parsed.index ?? options.defaultIndex
    faults.push(...findFaults(parsed.id, index))
    entries.push({ ...parsed, index: index ?? '', line })
  }
  if (entries.length === 0) faults.push('no requests added')
  return faults.length > 0
    ? { kind: 'refused', error: validationFailed(faults) }
    : { kind: 'entries', entries }
}

function findBodyFault(body: Buffer, openEnd: boolean): ElasticError | undefined {
  if (body.length === 0) return { type: 'parse_exception', reason: 'request body is required' }
  return body.at(-1) === newline || openEnd
    ? undefined
    : illegalArgument('The bulk request must be terminated by a newline [\\n]')
}

function findFaults(id: string | undefined, index: string | undefined): readonly string[] {
  const bytes = Buffer.byteLength(id ?? '')
  return [
    ...(index === undefined ? ['index is missing'] : []),
    ...(bytes > maxIdBytes
      ? [`id [${id}] is too long, must be no longer than ${maxIdBytes} bytes but was: ${bytes}`]
      : []),
  ]
}

/** Whole lines, without their ends. What stands behind the last newline is no line. */
class LineReader {
  /** Number of the line that was read last, from 1. */
  number = 0
  readonly #body: Buffer
  #at: number

  constructor(body: Buffer) {
    this.#body = body
    this.#at = body.subarray(0, byteOrderMark.length).equals(byteOrderMark)
      ? byteOrderMark.length
      : 0
  }

  next(): Buffer | undefined {
    const end = this.#body.indexOf(newline, this.#at)
    if (end < 0) return undefined
    const trimmed = end > this.#at && this.#body[end - 1] === 0x0d ? end - 1 : end
    const line = this.#body.subarray(this.#at, trimmed)
    this.#at = end + 1
    this.number++
    return line
  }
}
