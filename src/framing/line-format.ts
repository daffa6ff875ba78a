import type { DocumentOutlet } from './document-outlet.ts'
import type { DocumentPrefix } from './document-prefix.ts'
import type { IndexName } from './index-name.ts'
import type { StaticFields } from './static-fields.ts'

/** Turns a line that looks like a JSON object into a document. */
export interface LineFormat {
  /** The lines that follow lie in another buffer than those before. */
  restart(): void
  /** `bytes[first]` is `{`, `bytes[last - 1]` is `}`; `wallMs` stands in for a missing time. */
  write(bytes: Buffer, first: number, last: number, wallMs: number): void
}

/** What the formats build their documents with. */
export interface FormatParts {
  readonly fields: StaticFields
  readonly prefix: DocumentPrefix
  readonly index: IndexName
  readonly outlet: DocumentOutlet
}
