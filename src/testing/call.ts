import type { IncomingHttpHeaders } from 'node:http'

/** A request, read as a whole. */
export interface Call {
  readonly method: string
  /** As it came, with the query. */
  readonly url: string
  /** Without the query and without the server's path prefix. */
  readonly path: string
  /** Decoded parts of the path. */
  readonly segments: readonly string[]
  readonly query: ReadonlyMap<string, string>
  readonly headers: IncomingHttpHeaders
  /** Unpacked. */
  readonly body: Buffer
  /** The end of the body was not announced: chunked or compressed. */
  readonly openEnd: boolean
}

/** What the address line of a request says. Outside of `pathPrefix` there is no path. */
export function parseTarget(
  url: string,
  pathPrefix: string,
): Pick<Call, 'path' | 'segments' | 'query'> | undefined {
  const [whole = '/', query = ''] = splitOnce(url, '?')
  const inside = whole === pathPrefix || whole.startsWith(`${pathPrefix}/`)
  if (!inside) return undefined
  const path = whole.slice(pathPrefix.length) || '/'
  return {
    path,
    segments: path.split('/').filter(Boolean).map(decode),
    query: new Map(new URLSearchParams(query)),
  }
}

/** True for `POST` and `PUT` to `/_bulk` and `/{index}/_bulk`. */
export function isBulk(method: string, segments: readonly string[]): boolean {
  const writes = method === 'POST' || method === 'PUT'
  return writes && segments.length <= 2 && segments.at(-1) === '_bulk'
}

function splitOnce(text: string, at: string): readonly string[] {
  const place = text.indexOf(at)
  return place < 0 ? [text] : [text.slice(0, place), text.slice(place + 1)]
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
