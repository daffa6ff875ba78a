/** Why Elasticsearch refuses a field name, or undefined. */
export interface FieldNameFault {
  readonly reason: string
  /** The message is the error's own reason, without a cause. */
  readonly bare: boolean
}

/**
 * What is wrong with a key of a document: empty, only dots, or an empty part between dots. A trailing dot
 * is fine, as Java's `split` drops it.
 */
export function findFieldNameFault(name: string): FieldNameFault | undefined {
  if (name === '') return { reason: 'field name cannot be an empty string', bare: false }
  if (!name.includes('.')) {
    if (name.trim() !== '') return undefined
    return { reason: `Field name cannot contain only whitespace: [${name}]`, bare: true }
  }
  const parts = name.replace(/\.+$/, '').split('.')
  if (parts.length === 1 && parts[0] === '') {
    return { reason: 'field name cannot contain only dots', bare: false }
  }
  return parts.some((part) => part.trim() === '')
    ? { reason: `field name cannot contain only whitespace: ['${name}']`, bare: false }
    : undefined
}
