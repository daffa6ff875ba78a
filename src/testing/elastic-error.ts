/** One exception as Elasticsearch writes it, of an item or of a whole request. */
export interface ElasticError {
  readonly type: string
  readonly reason: string
  readonly caused_by?: ElasticError
  readonly index_uuid?: string
  readonly shard?: string
  readonly index?: string
  readonly 'resource.type'?: string
  readonly 'resource.id'?: string
  readonly header?: Readonly<Record<string, readonly string[]>>
}

/** What Elasticsearch sends when it refuses a whole request. */
export interface WholeError {
  readonly error: ElasticError & { readonly root_cause: readonly ElasticError[] }
  readonly status: number
}

export const illegalArgument = (reason: string): ElasticError => ({
  type: 'illegal_argument_exception',
  reason,
})

export const documentParsing = (reason: string, cause?: ElasticError): ElasticError => ({
  type: 'document_parsing_exception',
  reason,
  ...(cause ? { caused_by: cause } : {}),
})

/** The body of a whole refusal. The root cause is the error without its causes, as on a single node. */
export function wholeError(status: number, error: ElasticError): WholeError {
  const { caused_by: cause, ...root } = error
  return { error: { root_cause: [root], ...root, ...(cause ? { caused_by: cause } : {}) }, status }
}

/** Several faults of one request, numbered as Elasticsearch numbers them. */
export const validationFailed = (faults: readonly string[]): ElasticError => ({
  type: 'action_request_validation_exception',
  reason: `Validation Failed: ${faults.map((fault, i) => `${i + 1}: ${fault};`).join('')}`,
})

/** A name that no index, stream or alias has. */
export const indexNotFound = (index: string): ElasticError => ({
  type: 'index_not_found_exception',
  reason: `no such index [${index}]`,
  'resource.type': 'index_or_alias',
  'resource.id': index,
  index_uuid: '_na_',
  index,
})
