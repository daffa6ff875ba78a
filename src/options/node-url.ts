import type { Checked } from './check.ts'
import { right, wrong } from './check.ts'
import type { Credentials } from './credentials.ts'
import { isPassword, isUsername } from './credentials.ts'
import { showHidden, showValue } from './show-value.ts'

/** One node of Elasticsearch. */
export interface NodeUrl {
  /** Where the user wrote it: `node[1]`. */
  readonly path: string
  /** Origin and path prefix, without a slash at the end. */
  readonly url: string
  /** As they stood in the URL, percent-decoded. */
  readonly credentials?: Credentials
}

const web = /^https?:$/
const encoded = 'user name and password percent-encoded'
const hostname = /^(?:[\w.-]+|\[[\da-f:.]+\])$/i

/**
 * A URL for people, without what may be secret in it: user name, password, query. Where the parts cannot be told
 * apart, no more than the scheme is left.
 */
export function showUrl(value: unknown): string {
  if (typeof value !== 'string') return showHidden(value)
  if (!/[@?#]/.test(value)) return showValue(value)
  const url = URL.canParse(value) ? new URL(value) : undefined
  if (
    url === undefined ||
    !web.test(url.protocol) ||
    /@|%40/.test(url.pathname + url.search + url.hash)
  ) {
    const scheme = /^https?:\/\//i.exec(value)?.[0] ?? ''
    return `"${scheme}***" (string)`
  }
  const credentials = url.username + url.password === '' ? '' : '***:***@'
  const path = url.pathname === '/' ? '' : url.pathname
  const query = url.search + url.hash === '' ? '' : '?***'
  return `${JSON.stringify(`${url.protocol}//${credentials}${url.host}${path}${query}`)} (string)`
}

function decodeCredentials(url: URL): Credentials | undefined {
  try {
    return {
      username: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
    }
  } catch {
    return undefined
  }
}

/** The parts of a node's URL. `path` is where it stood. */
export function parseNodeUrl(value: unknown, path: string): Checked<NodeUrl> {
  const refuse = (expected: string) => wrong(path, expected, showUrl(value))
  const parsed = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined
  if (parsed === undefined || !web.test(parsed.protocol) || !hostname.test(parsed.hostname)) {
    return refuse('an http or https URL, such as https://es.example.com:9200')
  }
  if (parsed.search !== '' || parsed.hash !== '') return refuse('a URL without ? and #')
  // what stands before it was meant as a password with a slash in it
  if (parsed.pathname.includes('@')) return refuse(encoded)
  const url = parsed.origin + parsed.pathname.replace(/\/+$/, '')
  if (parsed.username === '' && parsed.password === '') return right({ path, url })
  const credentials = decodeCredentials(parsed)
  if (credentials === undefined) return refuse(encoded)
  if (credentials.username === '' || credentials.password === '') {
    return refuse('both user name and password in the URL, or neither')
  }
  if (!isUsername.test(credentials.username) || !isPassword.test(credentials.password)) {
    return refuse('a user name without a colon, and no control characters')
  }
  return right({ path, url, credentials })
}
