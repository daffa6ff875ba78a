import type { ElasticError } from './elastic-error.ts'
import { illegalArgument } from './elastic-error.ts'
import type { Json, JsonObject } from './json.ts'
import { isObject } from './json.ts'
import { describeReadFault } from './json-problem.ts'
import { JsonScanner, nameToken } from './json-scanner.ts'
import { quickJsonCheck } from './quick-json-check.ts'

export type BulkOperation = 'create' | 'index' | 'update' | 'delete'

/** An action line, understood. */
export interface BulkAction {
  readonly operation: BulkOperation
  /** Undefined when neither the line nor the path names one. */
  readonly index: string | undefined
  readonly id: string | undefined
  readonly pipeline?: string
  readonly routing?: string
  readonly requireAlias?: boolean
  readonly requireDataStream?: boolean
}

const operations: readonly string[] = ['create', 'index', 'update', 'delete']
const knownParameters = new Set([
  '_index',
  '_id',
  'routing',
  '_routing',
  'version',
  'version_type',
  'op_type',
  'if_seq_no',
  'if_primary_term',
  'retry_on_conflict',
  'pipeline',
  'dynamic_templates',
  'list_executed_pipelines',
  'require_alias',
  'require_data_stream',
])

/** Reads action line number `lineNumber` (lines count from 1), or says why the whole request is refused. */
export function parseBulkAction(
  line: Buffer,
  lineNumber: number,
  quoteSource: boolean,
): BulkAction | { readonly error: ElasticError } {
  const malformed = (rest: string) => ({
    error: illegalArgument(`Malformed action/metadata line [${lineNumber}], ${rest}`),
  })
  const first = line.toString('latin1').trimStart().charCodeAt(0)
  const token = nameToken(first)
  if (token !== undefined && token !== 'START_OBJECT') {
    return malformed(`expected START_OBJECT but found [${token}]`)
  }
  const action = readObject(line, quoteSource)
  if ('error' in action) return action
  const [operation] = Object.keys(action.value)
  if (operation === undefined) return malformed('expected FIELD_NAME but found [END_OBJECT]')
  if (!operations.includes(operation)) {
    return malformed(
      `expected field [create], [delete], [index] or [update] but found [${operation}]`,
    )
  }
  const metadata = action.value[operation]
  if (!isObject(metadata)) {
    return malformed('expected START_OBJECT or END_OBJECT but found a value')
  }
  const unknown = Object.keys(metadata).find((key) => !knownParameters.has(key))
  if (unknown !== undefined) {
    const reason = `Action/metadata line [${lineNumber}] contains an unknown parameter [${unknown}]`
    return { error: illegalArgument(reason) }
  }
  return { operation: operation as BulkOperation, ...readMetadata(metadata) }
}

function readObject(
  line: Buffer,
  quoteSource: boolean,
): { readonly value: JsonObject } | { readonly error: ElasticError } {
  const quick = quickJsonCheck(line)
  if (quick) return { value: quick }
  const fault = new JsonScanner(line, { asDocument: false }).scan()
  if (fault) return { error: describeReadFault(fault, line, quoteSource) }
  const value = JSON.parse(line.toString()) as Json
  return isObject(value)
    ? { value }
    : { error: illegalArgument('Malformed action/metadata line, expected START_OBJECT') }
}

function readMetadata(metadata: JsonObject): Omit<BulkAction, 'operation'> {
  const text = (name: string): string | undefined => {
    const value = metadata[name]
    return value === undefined || value === null ? undefined : String(value)
  }
  const pipeline = text('pipeline')
  const routing = text('routing') ?? text('_routing')
  return {
    index: text('_index'),
    id: text('_id'),
    ...(pipeline === undefined ? {} : { pipeline }),
    ...(routing === undefined ? {} : { routing }),
    ...(metadata['require_alias'] === true ? { requireAlias: true } : {}),
    ...(metadata['require_data_stream'] === true ? { requireDataStream: true } : {}),
  }
}
