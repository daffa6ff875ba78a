import { capReason } from '../core/failure.ts'

/** Deeper than any cause that helps. */
const maxCauses = 16

/** An `error` object of Elasticsearch, of an item or of the whole answer. */
export interface ServerError {
  readonly type?: string
  /** With the innermost cause where it says more; at most 512 bytes. */
  readonly reason: string
  /** The types of the error and of its causes, outermost first. */
  readonly causes: readonly string[]
}

/** Reads `{ type, reason, caused_by: {…} }`; a string stands for its reason. */
export function readError(error: unknown, redact: (text: string) => string): ServerError {
  if (typeof error === 'string') return { reason: capReason(redact(error)), causes: [] }
  const chain = causesOf(error)
  const types = chain.flatMap(({ type: one }) => (typeof one === 'string' ? [one] : []))
  const [first] = chain
  const type = textAt(first, 'type')
  const reason = textAt(first, 'reason')
  const innermost = textAt(chain.at(-1), 'reason')
  const says = reason.includes(innermost) ? reason : `${reason}: ${innermost}`
  return {
    ...(type !== '' && { type }),
    reason: capReason(redact(says)),
    causes: types,
  }
}

/** An object that came out of `JSON.parse`: to be read, never to be merged into another. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function causesOf(error: unknown): Readonly<Record<string, unknown>>[] {
  const chain = []
  let at = error
  while (isRecord(at) && chain.length < maxCauses) {
    chain.push(at)
    ;({ caused_by: at } = at)
  }
  return chain
}

function textAt(value: Readonly<Record<string, unknown>> | undefined, key: string): string {
  const text = value?.[key]
  return typeof text === 'string' ? text : ''
}
