import type { Ask } from '../core/exchange.ts'

const always = ['errors', 'items.*.status', 'items.*.error', 'items.*.failure_store']

/**
 * The query of a `_bulk` request, without the question mark. The server is told to give up after two thirds of
 * `responseMs`, so that its own answer comes before our deadline.
 */
export function bulkQuery(
  ask: Pick<Ask, 'withIndex' | 'omit'>,
  { responseMs }: { readonly responseMs: number },
): string {
  const fields = ask.withIndex ? [...always, 'items.*._index'] : always
  const timeoutMs = Math.max(1000, Math.floor((responseMs * 2) / 3))
  return [
    ['filter_path', fields.join(',')],
    ['timeout', `${timeoutMs}ms`],
  ]
    .filter(([name = '']) => !ask.omit.includes(name))
    .map((pair) => pair.join('='))
    .join('&')
}
