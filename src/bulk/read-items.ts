import type { ItemAnswer } from '../core/exchange.ts'
import { isRecord, readError } from './read-error.ts'

/** The answer for a document that was stored as new. One for all of them: an answer has thousands. */
export const created: ItemAnswer = Object.freeze({ status: 201 })

const asIs = (text: string): string => text

/** The items of a parsed bulk answer, one for each of `count` documents, or what is wrong with it. */
export function readItems(
  answer: unknown,
  asked: { readonly count: number; readonly withIndex: boolean },
): readonly ItemAnswer[] | string {
  const { items: raw } = isRecord(answer) ? answer : { items: undefined }
  if (!isList(raw)) return 'an answer without items'
  if (raw.length !== asked.count) return `${raw.length} items`
  const items: ItemAnswer[] = []
  for (const one of raw) {
    const item = readItem(one, asked.withIndex)
    if (item === undefined) return 'an item without a status'
    items.push(item)
  }
  return items
}

/** `raw` is `{ "create": { "status": … } }`, whatever the action is called. */
function readItem(raw: unknown, withIndex: boolean): ItemAnswer | undefined {
  const item = isRecord(raw) ? Object.values(raw)[0] : undefined
  if (!isRecord(item)) return undefined
  const { status, error, _index: index, failure_store: failureStore } = item
  if (typeof status !== 'number') return undefined
  const showIndex = withIndex && typeof index === 'string'
  const failureStored = failureStore === 'used'
  if (status === 201 && error === undefined && !showIndex && !failureStored) return created
  return {
    status,
    ...(error !== undefined && error !== null && readError(error, asIs)),
    ...(showIndex && { index }),
    ...(failureStored && { failureStored }),
  }
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value)
}
