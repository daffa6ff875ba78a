import type { ElasticError } from './elastic-error.ts'
import { documentParsing, illegalArgument } from './elastic-error.ts'
import type { FieldType, Mappings } from './field-mapping.ts'
import { findTypeFault, previewOf } from './field-mapping.ts'
import type { Json, JsonObject } from './json.ts'
import { isObject, parseJson, valuesAt } from './json.ts'
import type { DocumentFacts } from './json-problem.ts'
import { describeDocumentFault, describeField, describeReadFault } from './json-problem.ts'
import { JsonScanner, nameToken } from './json-scanner.ts'
import { quickJsonCheck } from './quick-json-check.ts'

/** The document, or why Elasticsearch would refuse it. */
export type DocumentCheck =
  | { readonly kind: 'fine'; readonly source: JsonObject }
  | { readonly kind: 'refused'; readonly error: ElasticError; readonly source?: JsonObject }

/** What the index asks of a document. */
export interface DocumentRules {
  readonly mappings: Mappings
  /** It belongs to a data stream, which wants exactly one `@timestamp`. */
  readonly dataStream: boolean
}

const metadataFields = new Set(['_id', '_index', '_source', '_routing', '_ignored', '_seq_no'])
const timestamp = '@timestamp'
const missing = `data stream timestamp field [${timestamp}] is missing`
const multiple = `data stream timestamp field [${timestamp}] encountered multiple values`
const minLong = -(2n ** 63n)
const maxLong = 2n ** 63n - 1n

/**
 * Decides as Elasticsearch 9.5.3 does whether a document can be stored, with its words. Types that only
 * dynamic mapping would find out are not checked: only fields named in `rules.mappings` are.
 */
export function checkDocument(
  line: Buffer,
  rules: DocumentRules,
  facts: { readonly id: string; readonly quoteSource: boolean },
): DocumentCheck {
  const document: DocumentFacts = {
    line,
    ...facts,
    typeOf: (field) => typeOfField(field, rules) ?? 'text',
  }
  const source = quickJsonCheck(line)
  const read: DocumentCheck = source ? { kind: 'fine', source } : readThoroughly(document)
  if (read.kind === 'refused') return read
  const error =
    findMetadataField(read.source, document) ??
    findMisfit(read.source, rules, document) ??
    (rules.dataStream ? findTimestampFault(read.source, document) : undefined)
  return error ? { kind: 'refused', error, source: read.source } : read
}

function typeOfField(field: string, rules: DocumentRules): FieldType | undefined {
  return rules.mappings[field] ?? (rules.dataStream && field === timestamp ? 'date' : undefined)
}

function readThoroughly(document: DocumentFacts): DocumentCheck {
  const { line } = document
  if (line.length === 0) {
    return refuse(documentParsing('[0:0] failed to parse, document is empty'))
  }
  const first = line.toString('latin1').trimStart().charCodeAt(0)
  const isRead = nameToken(first) !== undefined || /^\s*(?:true|false|null)/.test(line.toString())
  if (first !== 0x7b && isRead) {
    return refuse(documentParsing('Malformed content, must start with an object'))
  }
  const fault = new JsonScanner(line, { asDocument: true }).scan()
  if (fault) return refuse(describeDocumentFault(fault, document))
  const source = parseJson(line.toString())
  return isObject(source)
    ? { kind: 'fine', source }
    : refuse(documentParsing('Malformed content, must start with an object'))
}

const refuse = (error: ElasticError): DocumentCheck => ({ kind: 'refused', error })

function findMetadataField(source: JsonObject, document: DocumentFacts): ElasticError | undefined {
  const name = Object.keys(source).find((key) => metadataFields.has(key))
  if (name === undefined) return undefined
  const column = placesOf(name, document.line)[0]?.column ?? 1
  const typed = { ...document, typeOf: () => name }
  return documentParsing(
    describeField(column, name, typed, previewOf(source[name] ?? null)),
    documentParsing(
      `[1:${column}] Field [${name}] is a metadata field and cannot be added inside a document. Use the index API request parameters.`,
    ),
  )
}

function findMisfit(
  source: JsonObject,
  rules: DocumentRules,
  document: DocumentFacts,
): ElasticError | undefined {
  const typed: Mappings = rules.dataStream
    ? { ...rules.mappings, [timestamp]: 'date' }
    : rules.mappings
  for (const [field, type] of Object.entries(typed)) {
    const values = valuesAt(source, field)
    for (const [i, value] of values.entries()) {
      const cause =
        findTypeFault(field, type, value) ?? findRangeFault(type, value, field, i, document)
      if (cause) {
        const column = placesOf(field, document.line)[i]?.column ?? 1
        return documentParsing(
          describeField(column, field, document, shown(value, field, i, document)),
          cause,
        )
      }
    }
  }
  return undefined
}

/** Numbers beyond 64 bits: JSON.parse has rounded them, so the text itself is looked at. */
function findRangeFault(
  type: FieldType,
  value: Json,
  field: string,
  position: number,
  document: DocumentFacts,
): ElasticError | undefined {
  if (type !== 'long' || typeof value !== 'number' || Math.abs(value) < 2 ** 63) return undefined
  const text = textAt(field, position, document.line)
  if (/^-?\d+$/.test(text) && BigInt(text) >= minLong && BigInt(text) <= maxLong) return undefined
  const message = `Numeric value (${text}) out of range of long (${minLong} - ${maxLong})`
  const column = (placesOf(field, document.line)[position]?.lastColumn ?? 0) + 1
  const cause = describeReadFault(
    { kind: 'parse', message, column, tokenColumn: column },
    document.line,
    document.quoteSource,
  )
  return cause.caused_by
    ? { ...cause, caused_by: { ...cause.caused_by, type: 'input_coercion_exception' } }
    : cause
}

function findTimestampFault(source: JsonObject, document: DocumentFacts): ElasticError | undefined {
  const values = valuesAt(source, timestamp).filter((value) => value !== null)
  if (values.length === 1) return undefined
  if (values.length === 0) {
    const end = document.line.toString('latin1').trimEnd().length
    return documentParsing(`[1:${end}] failed to parse: ${missing}`, illegalArgument(missing))
  }
  const column = placesOf(timestamp, document.line)[1]?.column ?? 1
  const preview = previewOf(values[1] ?? null)
  return documentParsing(
    describeField(column, timestamp, document, preview),
    illegalArgument(multiple),
  )
}

function placesOf(field: string, line: Buffer): JsonScanner['places'] {
  const scanner = new JsonScanner(line, { asDocument: false, watch: field })
  scanner.scan()
  return scanner.places
}

function textAt(field: string, position: number, line: Buffer): string {
  const place = placesOf(field, line)[position]
  return place ? line.toString('utf8', place.column - 1, place.lastColumn) : ''
}

/** The value as the error quotes it: numbers as they were written, unless they overflow. */
function shown(value: Json, field: string, position: number, document: DocumentFacts): string {
  if (typeof value !== 'number' || !Number.isFinite(value)) return previewOf(value)
  return textAt(field, position, document.line)
}
