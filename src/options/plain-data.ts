/**
 * Reads of values that anyone may have made. In process they can be proxies or hold getters that throw; then they read
 * as what they are not: plain data.
 */

/** The own properties of a plain object, `undefined` ones too; undefined for anything else. */
export function propertiesOf(value: unknown): ReadonlyMap<string, unknown> | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  try {
    if (Array.isArray(value) || Object.prototype.toString.call(value) !== '[object Object]') {
      return undefined
    }
    return new Map<string, unknown>(Object.entries(value))
  } catch {
    return undefined
  }
}

/** The properties that are given: `undefined` means not given. */
export function givenOf(value: unknown): ReadonlyMap<string, unknown> | undefined {
  const properties = propertiesOf(value)
  return properties && new Map([...properties].filter(([, given]) => given !== undefined))
}

/** More items than this are never read: a sparse array can claim four thousand million. */
export const maxItems = 65_536

/** The items of an array; undefined for anything else, and for an array beyond `maxItems`. */
export function itemsOf(value: unknown): readonly unknown[] | undefined {
  try {
    if (!Array.isArray(value) || value.length > maxItems) return undefined
    return Array.from({ length: value.length }, (_, i): unknown => value[i])
  } catch {
    return undefined
  }
}
