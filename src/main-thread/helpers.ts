import type { SelfLogEvent } from '../core/self-log-event.ts'
import type {
  CloseOptions,
  CloseReport,
  FlushOptions,
  FlushResult,
  Stats,
} from '../core/shipper-face.ts'
import { selfLogEvent } from '../core/thread-messages.ts'
import { clock, holdProcess } from '../runtime.ts'
import { askWorker } from './ask-worker.ts'
import type { Carrier, ThreadStream } from './carriers.ts'
import { carriersOf } from './carriers.ts'
import { combineFlushes, combineReports, combineStats } from './combine.ts'

/** For the way there and back, on top of what the worker is given. */
const graceMs = 1_000
const statsTimeoutMs = 10_000

/**
 * Calls `listener` with each self-log event, and first with the newest event of each trouble that is open
 * (`replayed: true`). `source` is a pino logger (children, fastify's log, NestJS's wrapper too), the stream of
 * `pino.transport()` or a Shipper. Gives the function that ends it. Throws `NoTransportError`.
 */
export function onSelfLog(source: object, listener: (event: SelfLogEvent) => void): () => void {
  const ends = carriersOf(source).map((carrier) => {
    const stream = carrier.kind === 'local' ? carrier.shipper.stream : carrier.stream
    stream.on(selfLogEvent, listener)
    if (carrier.kind === 'local') {
      for (const event of carrier.shipper.replay?.() ?? []) listener(event as SelfLogEvent)
    } else {
      void requestReplay(carrier.stream)
    }
    return () => stream.off(selfLogEvent, listener)
  })
  return () => {
    for (const end of ends) end()
  }
}

/**
 * Waits until every line that was logged before the call has its fate: a barrier, also with `targets`, where
 * pino's own `logger.flush` is none. Never rejects; `ok` is false at the deadline (`timeoutMs`, 10,000).
 */
export async function flush(source: object, options: FlushOptions = {}): Promise<FlushResult> {
  const timeoutMs = options.timeoutMs ?? 10_000
  return combineFlushes(
    await askAll(
      carriersOf(source),
      (shipper) => shipper.flush({ ...options, timeoutMs }),
      async (stream) => {
        const leftMs = await handOver(stream, timeoutMs)
        const asked = { ...options, timeoutMs: leftMs }
        return askWorker(stream, 'flush', asked, leftMs + graceMs)
      },
    ),
  )
}

/**
 * Delivers what is left and ends the transport. Lines that are logged later are dropped as `closed`, and
 * announced. Never rejects.
 */
export async function close(source: object, options: CloseOptions = {}): Promise<CloseReport> {
  const longestMs = (options.timeoutMs ?? 10_000) + graceMs
  return combineReports(
    await askAll(
      carriersOf(source),
      (shipper) => shipper.close(options),
      async (stream) => {
        await handOver(stream, graceMs)
        return askWorker(stream, 'close', options, longestMs)
      },
    ),
  )
}

/** Where the transport stands. Rejects with code `ERR_LOUDSINK_NO_ANSWER` when the worker has ended or does not answer within 10 s. */
export async function stats(source: object): Promise<Stats> {
  const answers = await askAll(
    carriersOf(source),
    (shipper) => Promise.resolve(shipper.stats()),
    (stream) => askWorker(stream, 'stats', {}, statsTimeoutMs),
  )
  const known = answers.filter((answer) => answer !== undefined)
  if (known.length === 0) {
    const error = new Error("the transport's worker has ended, or nothing in it is pino-loudsink")
    throw Object.assign(error, { code: 'ERR_LOUDSINK_NO_ANSWER' })
  }
  return combineStats(known)
}

async function askAll<Result>(
  carriers: readonly Carrier[],
  local: (shipper: Extract<Carrier, { kind: 'local' }>['shipper']) => Promise<Result>,
  remote: (stream: ThreadStream) => Promise<readonly Result[] | undefined>,
): Promise<readonly (Result | undefined)[]> {
  const answers = carriers.map(async (carrier): Promise<readonly (Result | undefined)[]> => {
    if (carrier.kind === 'local') return [await local(carrier.shipper)]
    return (await remote(carrier.stream)) ?? [undefined]
  })
  return (await Promise.all(answers)).flat()
}

/** Waits until the worker has taken over every line; gives what is left of `timeoutMs`. */
async function handOver(stream: ThreadStream, timeoutMs: number): Promise<number> {
  const startedAt = clock.now()
  const release = holdProcess()
  await new Promise<void>((resolve) => {
    const timer = clock.setTimeout(resolve, timeoutMs)
    stream.flush(() => {
      clock.clearTimeout(timer)
      resolve()
    })
  })
  release()
  return Math.max(0, timeoutMs - (clock.now() - startedAt))
}

async function requestReplay(stream: ThreadStream): Promise<void> {
  // No answer means a worker that has just died: its `close` event tells.
  await askWorker(stream, 'replay', {}, statsTimeoutMs)
}
