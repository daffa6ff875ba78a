import type { Auth } from './credentials.ts'
import type { DocumentStore } from './document-store.ts'
import type { Mappings } from './field-mapping.ts'

/** What an answer depends on besides the request. */
export interface ServerState {
  readonly name: string
  readonly store: DocumentStore
  readonly mappings: Mappings
  readonly auth: Auth | undefined
  readonly pipelines: readonly string[] | undefined
  readonly refusedParameters: readonly string[]
}
