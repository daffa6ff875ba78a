import type { Json } from './json.ts'
import { isObject } from './json.ts'

type Pattern = readonly string[]

/**
 * What Elasticsearch's `filter_path` leaves of an answer: comma-separated paths, `*` for any name or part
 * of one, `**` for any depth, a leading `-` to leave out. Arrays are passed through; entries of which nothing is
 * left vanish, so that positions are kept only by a path that every entry has.
 */
export function filterPath(value: Json, expression: string): Json {
  const paths = expression.split(',').filter((path) => path !== '')
  const split = (path: string): Pattern => path.split('.')
  const includes = paths.filter((path) => !path.startsWith('-')).map(split)
  const excludes = paths.filter((path) => path.startsWith('-')).map((path) => split(path.slice(1)))
  const included = includes.length > 0 ? (include(value, includes) ?? {}) : value
  return excludes.length > 0 ? exclude(included, excludes) : included
}

function include(value: Json, patterns: readonly Pattern[]): Json | undefined {
  if (patterns.some(isDone)) return value
  if (Array.isArray(value)) {
    const kept = (value as readonly Json[])
      .map((entry) => include(entry, patterns))
      .filter((entry) => entry !== undefined)
    return kept.length > 0 ? kept : undefined
  }
  if (!isObject(value)) return undefined
  const kept: Record<string, Json> = {}
  let any = false
  for (const [name, inner] of Object.entries(value)) {
    const next = advance(patterns, name)
    const left = next.length > 0 ? include(inner, next) : undefined
    if (left === undefined) continue
    kept[name] = left
    any = true
  }
  return any ? kept : undefined
}

function exclude(value: Json, patterns: readonly Pattern[]): Json {
  if (Array.isArray(value)) {
    return (value as readonly Json[]).map((entry) => exclude(entry, patterns))
  }
  if (!isObject(value)) return value
  const kept: Record<string, Json> = {}
  for (const [name, inner] of Object.entries(value)) {
    const next = advance(patterns, name)
    if (next.some(isDone)) continue
    kept[name] = next.length > 0 ? exclude(inner, next) : inner
  }
  return kept
}

const isDone = (pattern: Pattern): boolean =>
  pattern.length === 0 || (pattern.length === 1 && pattern[0] === '**')

/** The patterns that go on below a field of this name. */
function advance(patterns: readonly Pattern[], name: string): readonly Pattern[] {
  return patterns.flatMap((pattern) => {
    const [head, ...rest] = pattern
    if (head === '**') return [pattern, ...advance([rest], name)]
    return head !== undefined && matches(head, name) ? [rest] : []
  })
}

function matches(head: string, name: string): boolean {
  if (head === '*' || head === name) return true
  if (!head.includes('*')) return false
  const parts = head.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`).test(name)
}
