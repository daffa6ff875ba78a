/** Where and why a JSON text is not acceptable to Elasticsearch. Columns count bytes from 1. */
export interface JsonFault {
  readonly kind:
    | 'parse' // Jackson cannot read on
    | 'end' // the text ends too early
    | 'depth' // more than 20 objects inside each other
    | 'nesting' // more than 1000 levels of any kind
    | 'name' // a field name that no field may have
    | 'bare-name' // the same, worded without a cause
    | 'trailing' // something readable stands behind the document
    | 'trailing-parse' // something unreadable does
  readonly message: string
  /** Where the reader stood. */
  readonly column: number
  /** Where the last token began that was read as a whole. */
  readonly tokenColumn: number
  /** The field whose text could not be read; undefined outside of texts. */
  readonly field?: string
  /** The innermost thing left open, where the text ends too early. */
  readonly open?: { readonly what: 'Object' | 'Array'; readonly column: number }
}

/** A scalar or object found at a field that was watched for. */
export interface ValuePlace {
  /** Of its first byte. */
  readonly column: number
  /** Of its last byte. */
  readonly lastColumn: number
}
