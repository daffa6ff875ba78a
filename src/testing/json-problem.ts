import type { ElasticError } from './elastic-error.ts'
import { documentParsing, illegalArgument } from './elastic-error.ts'
import type { JsonFault } from './json-fault.ts'
import { sourceLocation } from './source-location.ts'

/** What the wording of an error needs to know of the document. */
export interface DocumentFacts {
  readonly line: Buffer
  readonly id: string
  /** False with `include_source_on_error=false`. */
  readonly quoteSource: boolean
  /** The type that the index gives to a field. */
  typeOf(field: string): string
}

/** The exceptions of the JSON reader, as the cause of an item error or as a whole error. */
export function describeReadFault(
  fault: JsonFault,
  line: Buffer,
  quoteSource: boolean,
): ElasticError {
  const at = `\n at ${sourceLocation(line, fault.column, quoteSource)}`
  if (fault.kind === 'end') {
    const open = fault.open
      ? `: expected close marker for ${fault.open.what} (start marker at ${sourceLocation(line, fault.open.column, quoteSource)})`
      : ''
    return {
      type: 'x_content_e_o_f_exception',
      reason: `[1:${fault.column}] Unexpected end of file`,
      caused_by: { type: 'json_e_o_f_exception', reason: `${fault.message}${open}${at}` },
    }
  }
  return {
    type: 'x_content_parse_exception',
    reason: `[1:${fault.column}] ${fault.message}${at}`,
    caused_by: { type: 'json_parse_exception', reason: `${fault.message}${at}` },
  }
}

/** The item error for a document that cannot be read, worded as Elasticsearch 9.5.3 words it. */
export function describeDocumentFault(fault: JsonFault, document: DocumentFacts): ElasticError {
  const { message } = fault
  const token = `[1:${fault.tokenColumn}]`
  switch (fault.kind) {
    case 'parse':
    case 'end': {
      const cause = describeReadFault(fault, document.line, document.quoteSource)
      return fault.field === undefined
        ? documentParsing(`${token} failed to parse: ${cause.reason}`, cause)
        : documentParsing(describeField(fault.tokenColumn, fault.field, document, ''), cause)
    }
    case 'trailing-parse': {
      const cause = describeReadFault(fault, document.line, document.quoteSource)
      return documentParsing(`${token} ${cause.reason}`, cause)
    }
    case 'depth':
    case 'name':
      return documentParsing(`${token} failed to parse: ${message}`, illegalArgument(message))
    case 'bare-name':
      return documentParsing(`${token} ${message}`)
    case 'nesting':
      return documentParsing(`${token} failed to parse: ${message}`, {
        type: 'x_content_parse_exception',
        reason: message,
        caused_by: { type: 'stream_constraints_exception', reason: message },
      })
    case 'trailing':
      return illegalArgument(`Malformed content, found extra data after parsing: ${message}`)
  }
}

/** `[1:6] failed to parse field [n] of type [long] in document with id 'x'. Preview of field's value: 'y'` */
export function describeField(
  column: number,
  field: string,
  document: DocumentFacts,
  preview: string,
): string {
  return `[1:${column}] failed to parse field [${field}] of type [${document.typeOf(field)}] in document with id '${document.id}'. Preview of field's value: '${preview}'`
}
