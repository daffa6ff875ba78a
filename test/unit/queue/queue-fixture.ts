import type { Batch } from '../../../src/core/batch.ts'
import type { Ledger } from '../../../src/core/ledger.ts'
import { LedgerBook } from '../../../src/core/ledger.ts'
import type { QueueOptions } from '../../../src/queue/index.ts'
import { MemoryQueue } from '../../../src/queue/index.ts'
import { usualQueueOptions } from '../../helpers/courier-fixture.ts'
import { documentOf } from '../../helpers/document-of.ts'
import { ManualClock } from '../../helpers/manual-clock.ts'

export interface QueueFixture {
  readonly queue: MemoryQueue
  readonly clock: ManualClock
  ledger(): Ledger
  /** Adds documents; `{"n":1}` for the number 1. */
  add(lines: readonly (string | number)[], index?: string): void
  /** The next batch by itself. */
  lease(wish?: { idle?: boolean }): Batch | undefined
  /** The next batch by itself, which must be there. */
  take(wish?: { idle?: boolean }): Batch
}

export function openQueue(options: Partial<QueueOptions> = {}): QueueFixture {
  const clock = new ManualClock()
  const book = new LedgerBook()
  const queue = new MemoryQueue(
    { ...usualQueueOptions, ...options },
    { clock, random: () => 0, ledger: book },
  )
  const lease = ({ idle = false } = {}) => queue.lease({ smallest: false, idle })
  return {
    queue,
    clock,
    lease,
    ledger: () => book.read({ pending: queue.pending(), spooled: 0 }),
    add: (lines, index) => {
      for (const line of lines) {
        queue.add(documentOf(typeof line === 'number' ? `{"n":${line}}` : line, index))
      }
    },
    take: (wish) => {
      const batch = lease(wish)
      if (batch === undefined) throw new Error('nothing is ready')
      return batch
    },
  }
}

/** The numbers in a batch of `{"n":…}` lines. */
export function numbersOf(batch: Batch | undefined): readonly number[] {
  if (batch === undefined) return []
  return Array.from({ length: batch.count }, (_, i) =>
    Number(/"n":(\d+)/.exec(batch.line(i).toString())?.[1]),
  )
}

export function idsOf(batch: Batch): readonly string[] {
  return Array.from({ length: batch.count }, (_, i) => batch.id(i))
}
