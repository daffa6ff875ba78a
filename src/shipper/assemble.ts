import type { LedgerBook } from '../core/ledger.ts'
import type { SelfLog } from '../core/self-log-event.ts'
import { Courier } from '../delivery/index.ts'
import { repairDocument } from '../framing/index.ts'
import type { ResolvedOptions } from '../options/index.ts'
import { MemoryQueue } from '../queue/index.ts'
import { clock, random } from '../runtime.ts'

/** The queue, as the options want it. `levelOf` names the level of a document. */
export function assembleQueue(
  { memory, flushBytes, flushItems, flushIntervalMs, pipeline }: ResolvedOptions,
  ledger: LedgerBook,
  levelOf: (line: Buffer) => string,
): MemoryQueue {
  const options = { ...memory, flushBytes, flushItems, flushIntervalMs, pipeline, levelOf }
  return new MemoryQueue(options, { clock, random, ledger })
}

/** The courier, as the options want it. */
export function assembleCourier(
  { concurrency, retry, compression }: ResolvedOptions,
  parts: {
    readonly queue: MemoryQueue
    readonly ledger: LedgerBook
    readonly selfLog: SelfLog
    readonly onProgress: () => void
  },
): Courier {
  const options = { concurrency, ...retry, gzip: compression === 'gzip' }
  return new Courier(options, { ...parts, clock, random, repair: repairDocument })
}
