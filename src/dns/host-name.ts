import { domainToASCII } from 'node:url'

/** The longest name that a query can carry, in characters without the last dot (RFC 1035 §2.3.4). */
const longestName = 253
const longestLabel = 63

/**
 * The form under which a name is looked up and kept: lower case, an international name in its ASCII form; a dot at the end
 * stays, for it keeps the search list away. Undefined for what can be no name: an empty label, one that is too long, control
 * bytes, spaces.
 */
export function canonicalName(hostname: string): string | undefined {
  if (hostname.length > 4 * longestName) return undefined
  const ascii = /^[\x21-\x7e]*$/.test(hostname) ? hostname : domainToASCII(hostname)
  const name = ascii.toLowerCase()
  return isQueryable(withoutDot(name)) ? name : undefined
}

/** Whether a full name, without its last dot, fits into a query. */
export function isQueryable(name: string): boolean {
  if (name === '' || name.length > longestName || !/^[\x21-\x7e]*$/.test(name)) return false
  return name.split('.').every((label) => label !== '' && label.length <= longestLabel)
}

/** `name` without the dot at its end. */
export function withoutDot(name: string): string {
  return name.endsWith('.') ? name.slice(0, -1) : name
}

/**
 * The full names to ask for, in libc's order: a name with fewer than `ndots` dots goes through the search list first, and
 * stands for itself last; any other the other way round. One that ends in a dot is full already. Those that fit into
 * no query are left out.
 */
export function candidatesOf(
  name: string,
  { ndots, search }: { readonly ndots: number; readonly search: readonly string[] },
): readonly string[] {
  if (name.endsWith('.')) return [withoutDot(name)].filter(isQueryable)
  const dots = name.split('.').length - 1
  const extended = search.map((domain) => `${name}.${domain}`)
  const all = dots >= ndots ? [name, ...extended] : [...extended, name]
  return [...new Set(all)].filter(isQueryable)
}
