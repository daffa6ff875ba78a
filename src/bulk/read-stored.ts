import type { ItemAnswer } from '../core/exchange.ts'
import { created } from './read-items.ts'

/** What stands before and after the items, around an answer of Elasticsearch or a look-alike. Servers differ in the order. */
const head = /^\{((?:"(?:took|ingest_took)":\d+,|"errors":false,)*)"items":\[/
const tail = /\]((?:,"(?:took|ingest_took)":\d+|,"errors":false)*)\}\s*$/
const longestHead = 160

const oneCreated = Buffer.from('{"create":{"status":201}},')
const createMark = Buffer.from('"create":{')
const statusMark = Buffer.from('"status":')
const failureStoreMark = Buffer.from('"failure_store"')

const okay: ItemAnswer = Object.freeze({ status: 200 })
const comma = 0x2c
const closingBrace = 0x7d

/** `oneCreated`, as often as it was ever needed. */
let pattern = oneCreated

/**
 * The items of an answer that says that all `count` documents were stored, without parsing it: JSON.parse costs
 * more than everything else that is done for a line. Undefined for any answer that has to be parsed.
 */
export function readStored(body: Buffer, count: number): readonly ItemAnswer[] | undefined {
  const before = head.exec(body.toString('latin1', 0, longestHead))
  const after = tail.exec(body.toString('latin1', Math.max(0, body.length - longestHead)))
  if (before === null || after === null) return undefined
  if (![before[1], after[1]].some((part) => part?.includes('"errors":false'))) return undefined
  const items = body.subarray(before[0].length, body.length - after[0].length)
  if (isAllCreated(items, count)) return new Array<ItemAnswer>(count).fill(created)
  return scanStored(items, count)
}

/** With our `filter_path` the items are one repeated pattern: one comparison of memory. */
function isAllCreated(items: Buffer, count: number): boolean {
  const length = count * oneCreated.length - 1
  if (items.length !== length) return false
  while (pattern.length < length) pattern = Buffer.concat([pattern, pattern])
  return pattern.compare(items, 0, length, 0, length) === 0
}

/** A server that ignores `filter_path` sends 180 bytes per item: a search for `create` and `status` in turns. */
function scanStored(items: Buffer, count: number): readonly ItemAnswer[] | undefined {
  if (items.includes(failureStoreMark)) return undefined
  const stored: ItemAnswer[] = []
  let at = items.indexOf(createMark)
  while (at !== -1 && stored.length < count) {
    const next = items.indexOf(createMark, at + createMark.length)
    const status = items.indexOf(statusMark, at)
    const one = status === -1 || (next !== -1 && next < status) ? undefined : itemAt(items, status)
    if (one === undefined) return undefined
    stored.push(one)
    at = next
  }
  return at === -1 && stored.length === count ? stored : undefined
}

function itemAt(items: Buffer, status: number): ItemAnswer | undefined {
  const from = status + statusMark.length
  const end = items[from + 3]
  if (end !== comma && end !== closingBrace) return undefined
  const digits = items.toString('latin1', from, from + 3)
  if (digits === '201') return created
  return digits === '200' ? okay : undefined
}
