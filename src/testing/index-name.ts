import type { ElasticError } from './elastic-error.ts'

const forbidden = /[\s"*,/<>?\\|]/
const forbiddenList = `[' ','"','*',',','/','<','>','?','\\','|']`

/** Why no index may have this name, or undefined. */
export function findIndexNameFault(name: string): ElasticError | undefined {
  const what = describe(name)
  if (what === undefined) return undefined
  return {
    type: 'invalid_index_name_exception',
    reason: `Invalid index name [${name}], ${what}`,
    index_uuid: '_na_',
    index: name,
  }
}

function describe(name: string): string | undefined {
  if (name === '') return 'must not be empty'
  if (forbidden.test(name)) return `must not contain the following characters ${forbiddenList}`
  if (name.includes('#')) return "must not contain '#'"
  if (name.includes(':')) return "must not contain ':'"
  if (/^[-_+]/.test(name)) return "must not start with '_', '-', or '+'"
  const bytes = Buffer.byteLength(name)
  if (bytes > 255) return `index name is too long, (${bytes} > 255)`
  if (name === '.' || name === '..') return "must not be '.' or '..'"
  return name === name.toLowerCase() ? undefined : 'must be lowercase'
}
