/** A name in the form in which names are compared: lower case, without a dot at its end. The root is ''. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/\.$/, '')
}

/** The name without its first label; undefined for the root. */
export function parentOf(name: string): string | undefined {
  if (name === '') return undefined
  const dot = name.indexOf('.')
  return dot === -1 ? '' : name.slice(dot + 1)
}

/** Does a plain name fit `es.test`, or `*.test` for all below? */
export function fitsName(pattern: string, name: string): boolean {
  const plain = plainName(pattern)
  if (plain === '*') return true
  return plain.startsWith('*.') ? name.endsWith(plain.slice(1)) : name === plain
}

/** Can it be put on the wire: labels of 1 to 63 printable ASCII characters, 253 in all? */
export function isSendable(name: string): boolean {
  const plain = plainName(name)
  return (
    plain === '' ||
    (plain.length <= 253 &&
      /^[\x21-\x2d\x2f-\x7e]{1,63}(?:\.[\x21-\x2d\x2f-\x7e]{1,63})*$/.test(plain))
  )
}
