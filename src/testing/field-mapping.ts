import type { ElasticError } from './elastic-error.ts'
import { illegalArgument } from './elastic-error.ts'
import type { Json } from './json.ts'
import { isObject } from './json.ts'

/** The field types that the server can hold documents to. */
export const fieldTypes = ['long', 'date', 'keyword', 'boolean'] as const

export type FieldType = (typeof fieldTypes)[number]

/** Field by name (`a.b` for a field inside an object) → type. Fields that are not named take anything. */
export type Mappings = Readonly<Record<string, FieldType>>

/** Lucene's limit for one keyword, in UTF-8 bytes. */
const maxTermBytes = 32_766
const datePattern =
  /^\d{4}(?:-\d\d(?:-\d\d(?:T(?:\d\d(?::\d\d(?::\d\d(?:[.,]\d{1,9})?)?)?(?:Z|[+-]\d\d(?::?\d\d)?)?)?)?)?)?$/
const epochPattern = /^-?\d+(?:\.\d+)?$/
const numberPattern = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/

/** Why a value does not fit its field, as the cause of the item error; undefined when it fits. */
export function findTypeFault(
  field: string,
  type: FieldType,
  value: Json,
): ElasticError | undefined {
  if (value === null) return undefined
  switch (type) {
    case 'long':
      return refuseLong(value)
    case 'date':
      return refuseDate(value)
    case 'boolean':
      return refuseBoolean(value)
    case 'keyword':
      return refuseKeyword(field, value)
  }
}

function refuseLong(value: Json): ElasticError | undefined {
  if (isObject(value)) return illegalArgument('Cannot parse object as number')
  if (typeof value === 'boolean') {
    return illegalArgument(
      `Current token (VALUE_${value ? 'TRUE' : 'FALSE'}) not numeric, can not use numeric value accessors`,
    )
  }
  return typeof value === 'string' && !numberPattern.test(value)
    ? illegalArgument(`For input string: "${value}"`)
    : undefined
}

function refuseDate(value: Json): ElasticError | undefined {
  if (isObject(value)) return illegalArgument('Cannot parse object or array as a date value')
  if (value === '') return illegalArgument('cannot parse empty datetime')
  const text = String(value)
  if (typeof value !== 'boolean' && (datePattern.test(text) || epochPattern.test(text))) {
    return undefined
  }
  return {
    ...illegalArgument(
      `failed to parse date field [${text}] with format [strict_date_optional_time||epoch_millis]`,
    ),
    caused_by: {
      type: 'date_time_parse_exception',
      reason: 'Failed to parse with all enclosed parsers',
    },
  }
}

function refuseBoolean(value: Json): ElasticError | undefined {
  if (typeof value === 'boolean' || value === 'true' || value === 'false' || value === '') {
    return undefined
  }
  return illegalArgument(
    `Failed to parse value [${previewOf(value)}] as only [true] or [false] are allowed.`,
  )
}

function refuseKeyword(field: string, value: Json): ElasticError | undefined {
  if (isObject(value)) {
    return { type: 'illegal_state_exception', reason: "Can't get text on a START_OBJECT" }
  }
  if (typeof value !== 'string' || Buffer.byteLength(value) <= maxTermBytes) return undefined
  const prefix = [...Buffer.from(value).subarray(0, 30)].join(', ')
  return illegalArgument(
    `Document contains at least one immense term in field="${field}" (whose UTF8 encoding is longer than the max length ${maxTermBytes}), all of which were skipped. Please correct the analyzer to not produce such terms. The prefix of the first immense term is: '[${prefix}]...'`,
  )
}

/** A value as Java prints it: `{x=1, y=[1, 2]}`. */
export function previewOf(value: Json): string {
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(previewOf).join(', ')}]`
  if (!isObject(value)) return String(value)
  return `{${Object.entries(value)
    .map(([name, inner]) => `${name}=${previewOf(inner)}`)
    .join(', ')}}`
}
