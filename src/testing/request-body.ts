import type { IncomingMessage } from 'node:http'
import { constants, gunzipSync, inflateSync } from 'node:zlib'

/** How reading a body ended. `wireBytes` is what came over the connection. */
export type BodyRead =
  | {
      readonly kind: 'whole'
      readonly wireBytes: number
      /** Unpacked. */
      readonly body: Buffer
      /** Its end was not announced: chunked, or with a Content-Encoding of any name. */
      readonly openEnd: boolean
    }
  /** More than `maxBytes`, unpacked. */
  | { readonly kind: 'too-large'; readonly wireBytes: number }
  /** Compressed, and damaged. */
  | { readonly kind: 'corrupt'; readonly wireBytes: number }
  /** `cutAfterBytes` were reached; `body` is what had come, unpacked as far as it goes. */
  | { readonly kind: 'cut'; readonly wireBytes: number; readonly body: Buffer }
  /** The client went away. */
  | { readonly kind: 'aborted'; readonly wireBytes: number }

export interface BodyLimits {
  readonly maxBytes: number
  /** Reads no faster than this on average. */
  readonly bytesPerSecond: number | undefined
  readonly cutAfterBytes: number | undefined
}

/** Reads and unpacks the body of a request. What comes beyond a limit is read and thrown away. */
export function readBody(request: IncomingMessage, limits: BodyLimits): Promise<BodyRead> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let wireBytes = 0
    const settle = (read: BodyRead): void => {
      request.removeAllListeners('data')
      request.resume()
      resolve(read)
    }
    if (announcedBytes(request) > limits.maxBytes) {
      settle({ kind: 'too-large', wireBytes })
      return
    }
    request.on('error', () => undefined)
    request.on('close', () => settle({ kind: 'aborted', wireBytes }))
    request.on('end', () => {
      const body = Buffer.concat(chunks)
      const isCut = limits.cutAfterBytes !== undefined
      settle(isCut ? cut(request, body, wireBytes) : unpack(request, body, limits.maxBytes))
    })
    request.on('data', (chunk: Buffer) => {
      wireBytes += chunk.length
      chunks.push(chunk)
      if (limits.cutAfterBytes !== undefined && wireBytes >= limits.cutAfterBytes) {
        const body = Buffer.concat(chunks).subarray(0, limits.cutAfterBytes)
        settle(cut(request, body, wireBytes))
      } else if (wireBytes > limits.maxBytes) {
        settle({ kind: 'too-large', wireBytes })
      } else if (limits.bytesPerSecond !== undefined) {
        request.pause()
        setTimeout(() => request.resume(), (chunk.length / limits.bytesPerSecond) * 1000)
      }
    })
  })
}

/** Content-Length, 0 where there is none. */
export function announcedBytes(request: IncomingMessage): number {
  return Number(request.headers['content-length'] ?? 0)
}

function unpack(request: IncomingMessage, packed: Buffer, maxBytes: number): BodyRead {
  const wireBytes = packed.length
  const inflate = inflaterOf(request)
  const { 'transfer-encoding': transfer, 'content-encoding': encoding } = request.headers
  const openEnd = transfer !== undefined || encoding !== undefined
  if (!inflate || wireBytes === 0) return { kind: 'whole', wireBytes, body: packed, openEnd }
  try {
    // A stream that merely ends too early is not noticed, as by Elasticsearch.
    const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: maxBytes }
    return { kind: 'whole', wireBytes, body: inflate(packed, options), openEnd }
  } catch (error) {
    const isTooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
    return { kind: isTooLarge ? 'too-large' : 'corrupt', wireBytes }
  }
}

function cut(request: IncomingMessage, packed: Buffer, wireBytes: number): BodyRead {
  const read = unpack(request, packed, Number.MAX_SAFE_INTEGER)
  return { kind: 'cut', wireBytes, body: read.kind === 'whole' ? read.body : Buffer.alloc(0) }
}

/** Other encodings than these are ignored, as by Elasticsearch: the bytes are taken as they are. */
function inflaterOf(request: IncomingMessage): typeof gunzipSync | undefined {
  const encoding = request.headers['content-encoding']
  if (encoding === 'gzip' || encoding === 'x-gzip') return gunzipSync
  return encoding === 'deflate' ? inflateSync : undefined
}
