import assert from 'node:assert/strict'
import type { Ledger } from '../../src/core/ledger.ts'
import { imbalance, LedgerBook } from '../../src/core/ledger.ts'
import type { Random } from '../../src/core/platform.ts'
import type { CourierOptions } from '../../src/delivery/index.ts'
import { Courier } from '../../src/delivery/index.ts'
import type { Repair } from '../../src/delivery/sort-verdicts.ts'
import type { QueueOptions } from '../../src/queue/index.ts'
import { MemoryQueue } from '../../src/queue/index.ts'
import { CollectingSelfLog } from './collecting-self-log.ts'
import { documentOf } from './document-of.ts'
import { ManualClock } from './manual-clock.ts'
import type { Script } from './scripted-bulk.ts'
import { ScriptedBulk } from './scripted-bulk.ts'

export interface CourierFixture {
  readonly clock: ManualClock
  readonly queue: MemoryQueue
  readonly courier: Courier
  readonly bulk: ScriptedBulk
  readonly selfLog: CollectingSelfLog
  /** The books as they stand; throws when they do not balance. */
  ledger(): Ledger
  /** Accepts lines of one chunk and lets the courier know; `{"n":1}` for the number 1. */
  add(lines: readonly (string | number)[], index?: string): void
}

/** The limits of the product, but for what a test names. */
export const usualQueueOptions: QueueOptions = {
  maxBytes: 64 * 1024 * 1024,
  whenFull: 'drop_oldest',
  flushBytes: 1_000_000,
  flushItems: 5000,
  flushIntervalMs: 1000,
  pipeline: undefined,
  levelOf: (line) => /"level":"?(\w+)/.exec(line.toString())?.[1] ?? 'none',
}

/** A courier with the real queue, a clock that stands still and a server that follows `script`. */
export function openCourier(
  script: Script,
  more: {
    readonly options?: Partial<CourierOptions>
    readonly queue?: Partial<QueueOptions>
    readonly random?: Random
    readonly repair?: Repair
    /** False: the test starts the courier itself. */
    readonly start?: boolean
  } = {},
): CourierFixture {
  const clock = new ManualClock()
  const random = more.random ?? (() => 0.5)
  const book = new LedgerBook()
  const queue = new MemoryQueue(
    { ...usualQueueOptions, ...more.queue },
    { clock, random, ledger: book },
  )
  const selfLog = new CollectingSelfLog()
  const bulk = new ScriptedBulk(script, clock)
  const ledger = () => {
    const read = book.read({ pending: queue.pending(), spooled: 0 })
    assert.equal(imbalance(read), 0, 'the books balance')
    return read
  }
  const courier = new Courier(
    { concurrency: 4, minDelayMs: 500, maxDelayMs: 15_000, gzip: false, ...more.options },
    {
      queue,
      ledger: book,
      selfLog,
      clock,
      random,
      repair: more.repair ?? (() => undefined),
      onProgress: ledger,
    },
  )
  if (more.start !== false) courier.start(bulk)
  const add = (lines: readonly (string | number)[], index?: string) => {
    queue.tick()
    for (const line of lines) {
      queue.add(documentOf(typeof line === 'number' ? `{"n":${line}}` : line, index))
    }
    courier.pump()
  }
  return { clock, queue, courier, bulk, selfLog, ledger, add }
}

/** The numbers from 1 to `count`, as lines. */
export function numbers(count: number, from = 1): readonly number[] {
  return Array.from({ length: count }, (_, i) => from + i)
}
