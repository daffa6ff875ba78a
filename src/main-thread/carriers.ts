import type {
  CloseOptions,
  CloseReport,
  FlushOptions,
  FlushResult,
  Stats,
} from '../core/shipper-face.ts'

/** A Shipper of this thread, as far as the helpers need it. */
export interface LocalShipper {
  readonly stream: EventSource
  stats(): Stats
  flush(options?: FlushOptions): Promise<FlushResult>
  close(options?: CloseOptions): Promise<CloseReport>
  replay?(): readonly unknown[]
}

export interface EventSource {
  on(name: string, listener: (argument: never) => void): unknown
  off(name: string, listener: (argument: never) => void): unknown
}

/** thread-stream's object in the application's thread, as far as it is used here. */
export interface ThreadStream extends EventSource {
  emit(name: 'message', message: object): boolean
  flush(done: (error?: Error | null) => void): void
  readonly destroyed: boolean
}

/** Where lines leave the application's thread: in a worker's stream, or in a Shipper of this thread. */
export type Carrier =
  | { readonly kind: 'worker'; readonly stream: ThreadStream }
  | { readonly kind: 'local'; readonly shipper: LocalShipper }

/** Thrown when `source` leads to no transport of ours. Code `ERR_LOUDSINK_NO_TRANSPORT`. */
export class NoTransportError extends Error {
  readonly code = 'ERR_LOUDSINK_NO_TRANSPORT'

  constructor(source: unknown) {
    const got = source === null ? 'null' : typeof source
    super(
      `expected a pino logger, a stream of pino.transport() or a Shipper that leads to a pino-loudsink transport, got ${got} without one`,
    )
    this.name = 'NoTransportError'
  }
}

/** pino keeps a logger's stream under a symbol of this description; children inherit it. */
const streamSymbol = 'pino.stream'
/** Same as in `shipper.ts`; a global symbol, so that it is found across copies of the package. */
const shipperOfStream = Symbol.for('pino-loudsink.shipper')
/** Where wrappers keep the logger: fastify and nestjs-pino. */
const wrapperKeys = ['logger', 'log', 'stream', 'root', 'outOfContext'] as const
const deepest = 4

/** The carriers behind a logger (children, fastify's log, NestJS's wrapper too), a stream or a Shipper. Throws `NoTransportError`. */
export function carriersOf(source: unknown): readonly Carrier[] {
  const carriers = search(source, 0)
  if (carriers.length === 0) throw new NoTransportError(source)
  return carriers
}

function search(source: unknown, depth: number): readonly Carrier[] {
  if (!isObject(source) || depth > deepest) return []
  const own = carrierOf(source)
  if (own !== undefined) return [own]
  const stream = streamOf(source)
  if (stream !== undefined) return search(stream, depth + 1)
  // pino.multistream
  const { streams } = source
  if (Array.isArray(streams)) {
    return streams.flatMap((entry: unknown) =>
      isObject(entry) ? search(entry['stream'], depth + 1) : [],
    )
  }
  for (const key of wrapperKeys) {
    const found = search(source[key], depth + 1)
    if (found.length > 0) return found
  }
  return []
}

function carrierOf(source: Record<string | symbol, unknown>): Carrier | undefined {
  const shipper = source[shipperOfStream]
  if (isLocalShipper(shipper)) return { kind: 'local', shipper }
  if (isThreadStream(source)) return { kind: 'worker', stream: source }
  return undefined
}

function streamOf(source: object): unknown {
  for (
    let at: object | null = source;
    at !== null;
    at = Object.getPrototypeOf(at) as object | null
  ) {
    for (const symbol of Object.getOwnPropertySymbols(at)) {
      if (symbol.description === streamSymbol) return (source as Record<symbol, unknown>)[symbol]
    }
  }
  return undefined
}

function isLocalShipper(value: unknown): value is LocalShipper {
  return isObject(value) && typeof value['flush'] === 'function' && isObject(value['stream'])
}

function isThreadStream(value: unknown): value is ThreadStream {
  if (!isObject(value) || typeof value['emit'] !== 'function') return false
  if (typeof value['flush'] !== 'function') return false
  const { worker } = value
  return isObject(worker) && typeof worker['postMessage'] === 'function'
}

function isObject(value: unknown): value is Record<string | symbol, unknown> {
  return (typeof value === 'object' || typeof value === 'function') && value !== null
}
