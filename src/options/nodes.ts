import type { Check, Checked } from './check.ts'
import { wrong } from './check.ts'
import type { NodeUrl } from './node-url.ts'
import { parseNodeUrl } from './node-url.ts'
import { itemsOf } from './plain-data.ts'

function parseAll(
  places: readonly (readonly [path: string, value: unknown])[],
): Checked<readonly NodeUrl[]> {
  const parsed = places.map(([path, value]) => parseNodeUrl(value, path))
  return {
    value: parsed.flatMap(({ value }) => value ?? []),
    faults: parsed.flatMap(({ faults }) => faults),
  }
}

/** One URL, or a list of them. */
export const checkNodes: Check<readonly NodeUrl[]> = (value, path) => {
  const items = itemsOf(value)
  if (items === undefined) return parseAll([[path, value]])
  if (items.length === 0) return wrong(path, 'at least one URL', 'an empty array')
  return parseAll(items.map((item, i) => [`${path}[${i}]`, item]))
}

/** URLs in one text, commas between; faults name `path` alone. */
export function parseNodeList(list: string, path: string): Checked<readonly NodeUrl[]> {
  const urls = list.split(',').map((url) => url.trim())
  const given = urls.filter((url) => url !== '')
  if (given.length === 0) return wrong(path, 'at least one URL', 'commas alone')
  return parseAll(given.map((url) => [path, url]))
}
