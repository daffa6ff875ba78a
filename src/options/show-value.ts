import { isUint8Array } from 'node:util/types'

const maxShownCharacters = 60

function cut(text: string): string {
  return text.length > maxShownCharacters ? `${text.slice(0, maxShownCharacters)}…` : text
}

/** What sort of value it is, in words, with nothing of what it holds: `a string`, `an array`. */
export function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (value === '') return 'an empty string'
  if (typeof value !== 'object') return `a ${typeof value}`
  if (isUint8Array(value)) return value.length === 0 ? 'no bytes' : 'bytes'
  try {
    if (Array.isArray(value)) return value.length === 0 ? 'an empty array' : 'an array'
  } catch {
    return 'an object that cannot be read'
  }
  return 'an object'
}

/** A value as a fault shows it: `"5s" (string)`, `-1 (number)`, `an array`. Never for secrets. */
export function showValue(value: unknown): string {
  if (value === '') return kindOf(value)
  if (typeof value === 'string') return `${JSON.stringify(cut(value))} (string)`
  if (typeof value === 'number') return `${Object.is(value, -0) ? '-0' : value} (number)`
  return typeof value === 'boolean' ? `${value} (boolean)` : kindOf(value)
}

/** A value that may be a secret: its kind alone. */
export function showHidden(value: unknown): string {
  return value === undefined || value === null || value === ''
    ? kindOf(value)
    : `${kindOf(value)} (not shown)`
}

/** A name that the user chose, as part of a path. */
export function showName(name: string): string {
  return /^[\w.@$-]{1,60}$/.test(name) ? name : JSON.stringify(cut(name))
}

/** `a, b or c`. */
export function anyOf(words: readonly string[]): string {
  return words.length < 2
    ? words.join('')
    : `${words.slice(0, -1).join(', ')} or ${words[words.length - 1]}`
}

/** 65536 → `65,536`. */
export function showCount(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',')
}
