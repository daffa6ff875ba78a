/** Anything that JSON can say. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject

export interface JsonObject {
  readonly [key: string]: Json
}

/** True for an object, not for an array or null. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value of `text`, or undefined when it is not JSON. */
export function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

/**
 * All values of a field, arrays flattened. `a.b` is found as the key `"a.b"` and as `b` inside `a`,
 * as Elasticsearch sees it.
 */
export function valuesAt(source: Json, field: string): readonly Json[] {
  if (Array.isArray(source)) return (source as readonly Json[]).flatMap((e) => valuesAt(e, field))
  if (!isObject(source)) return []
  return Object.entries(source).flatMap(([key, value]) => {
    if (key === field) return flatten(value)
    return field.startsWith(`${key}.`) ? valuesAt(value, field.slice(key.length + 1)) : []
  })
}

function flatten(value: Json): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]).flatMap(flatten) : [value]
}
