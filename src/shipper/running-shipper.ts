import type { Writable } from 'node:stream'
import type { Ledger } from '../core/ledger.ts'
import { LedgerBook } from '../core/ledger.ts'
import type { SelfLogEvent } from '../core/self-log-event.ts'
import type {
  CloseOptions,
  CloseReport,
  FlushOptions,
  FlushResult,
  Stats,
} from '../core/shipper-face.ts'
import { selfLogEvent } from '../core/thread-messages.ts'
import type { Courier } from '../delivery/index.ts'
import type { Framer } from '../framing/index.ts'
import { createFramer, createLevelOf } from '../framing/index.ts'
import type { ResolvedOptions } from '../options/index.ts'
import type { MemoryQueue } from '../queue/index.ts'
import { atExit, clock, disk, holdProcess } from '../runtime.ts'
import { LoudSelfLog } from '../selflog/index.ts'
import { assembleCourier, assembleQueue } from './assemble.ts'
import { News } from './news.ts'
import type { PinoConfig } from './pino-config.ts'
import type { ShipperCore } from './shipper.ts'
import { shipperOfStream } from './shipper.ts'
import { ShipperStream } from './shipper-stream.ts'
import { tellListeners } from './tell-listeners.ts'
import { Waiters } from './waiters.ts'
import { WayOut } from './way-out.ts'

const flushTimeoutMs = 10_000

export interface ShipperHooks {
  /** Before the first bytes are framed: what pino says about itself may just be arriving. */
  readonly onFirstChunk?: () => void
  /** All is done. */
  readonly onClosed?: () => void
}

/**
 * The rooms put together:
 *
 * ```
 *  stream → framer → queue ⇄ courier → bulk → Elasticsearch
 *                      │        │
 *                    ledger  self-log → stderr, file, stream.emit('selfLog')
 * ```
 */
export class RunningShipper implements ShipperCore {
  readonly stream: Writable
  readonly #options: ResolvedOptions
  readonly #ledger = new LedgerBook()
  readonly #queue: MemoryQueue
  readonly #selfLog: LoudSelfLog
  readonly #news: News
  readonly #wayOut: WayOut
  readonly #courier: Courier
  readonly #framer: Framer
  readonly #waiters: Waiters
  readonly #offExit: () => void
  readonly #hooks: ShipperHooks
  #offLate: (() => void) | undefined
  #levelOf: (line: Buffer) => string
  #waitingForRoom: (() => void) | undefined
  #closing: Promise<CloseReport> | undefined
  #begun = false
  #takesAll = false
  #ended = false

  constructor(options: ResolvedOptions, hooks: ShipperHooks) {
    this.#options = options
    this.#hooks = hooks
    this.#levelOf = createLevelOf(options)
    this.stream = this.#createStream()
    this.#queue = assembleQueue(options, this.#ledger, (line) => this.#levelOf(line))
    this.#selfLog = this.#createSelfLog()
    this.#news = new News(this.#selfLog)
    this.#wayOut = new WayOut(options, this.#selfLog)
    this.#courier = assembleCourier(options, {
      queue: this.#queue,
      ledger: this.#ledger,
      selfLog: this.#wayOut.explain(this.#selfLog),
      onProgress: () => {
        this.#onProgress()
      },
    })
    this.#framer = createFramer(options, this.#queue, clock, {
      wrapped: (head) => {
        this.#news.wrapped(head)
      },
    })
    this.#waiters = new Waiters(clock, holdProcess, this.#queue)
    this.#offExit = atExit(() => {
      this.#abandon()
    })
    // Whoever has made us can listen first.
    process.nextTick(() => {
      this.#start()
    })
  }

  stats(): Stats {
    const ledger = this.#totals()
    this.#news.audit(ledger)
    return {
      ledger,
      memory: { bytes: this.#queue.bytes, maxBytes: this.#options.memory.maxBytes },
      requests: this.#courier.requests,
      breaker: this.#courier.breaker,
      incidents: this.#selfLog.incidents().map(({ code, startedAt }) => ({ code, startedAt })),
    }
  }

  async flush(options: FlushOptions = {}): Promise<FlushResult> {
    const before = this.#takesAll
    this.#takeAll()
    this.#takesAll = before
    const barrier = this.#queue.seal()
    this.#courier.pump()
    const remaining = await this.#waiters.until(barrier, options.timeoutMs ?? flushTimeoutMs)
    this.#selfLog.flush()
    return { ok: remaining === 0, remaining, ledger: this.#totals() }
  }

  close(options: CloseOptions = {}): Promise<CloseReport> {
    this.#closing ??= this.#close(options.timeoutMs ?? this.#options.shutdown.timeoutMs)
    return this.#closing
  }

  setPinoConfig({ messageKey, levels }: PinoConfig): void {
    this.#framer.setPinoConfig({ ...(messageKey && { messageKey }), ...(levels && { levels }) })
    this.#levelOf = createLevelOf({ ...(levels && { levels }), ...this.#options })
  }

  replay(): readonly SelfLogEvent[] {
    return this.#selfLog.replay()
  }

  #createStream(): Writable {
    const stream = new ShipperStream({
      accept: (chunk, done) => {
        this.#accept(chunk, done)
      },
      close: () => this.close(),
    })
    return Object.defineProperty(stream, shipperOfStream, { value: this })
  }

  #createSelfLog(): LoudSelfLog {
    return new LoudSelfLog(this.#options.selfLog, {
      clock,
      disk,
      totals: () => this.#totals(),
      publish: (event) => {
        tellListeners(this.stream, selfLogEvent, event)
      },
    })
  }

  /** The client takes 200 ms to load; lines wait in the queue. */
  #start(): void {
    if (this.#ended) return
    this.#news.started(this.#options)
    this.#wayOut
      .open()
      .then((bulk) => {
        if (bulk !== undefined && !this.#ended) this.#courier.start(bulk)
      })
      .catch((error: unknown) => {
        this.#news.clientMissing(error, this.#queue.pending())
      })
  }

  #accept(chunk: Buffer, done: () => void): void {
    if (!this.#begun) this.#hooks.onFirstChunk?.()
    this.#begun = true
    this.#queue.tick()
    this.#framer.push(chunk)
    // What is folded of late lines must be said before the process is gone.
    if (this.#ended) {
      this.#offLate ??= atExit(() => {
        this.#selfLog.flush()
      })
    }
    this.#news.dropped(this.#queue.takeDrops(), this.#queue.bytes)
    this.#courier.pump()
    const wait = this.#options.memory.whenFull === 'backpressure' && !this.#queue.hasRoom
    if (wait && !this.#takesAll) this.#waitingForRoom = done
    else done()
  }

  #onProgress(): void {
    this.#news.dropped(this.#queue.takeDrops(), this.#queue.bytes)
    if (this.#queue.bytes < this.#options.memory.maxBytes / 2) this.#news.memoryHasRoom()
    if (this.#queue.hasRoom) this.#letProducerGoOn()
    this.#waiters.look()
  }

  #letProducerGoOn(): void {
    const done = this.#waitingForRoom
    this.#waitingForRoom = undefined
    done?.()
  }

  /** What was written may still wait for room, outside of the queue. */
  #takeAll(): void {
    this.#takesAll = true
    this.#letProducerGoOn()
  }

  async #close(timeoutMs: number): Promise<CloseReport> {
    const startedAt = clock.now()
    this.#takeAll()
    this.#framer.end()
    this.#queue.close()
    const barrier = this.#queue.seal()
    this.#queue.hurry()
    this.#courier.hurry()
    await this.#waiters.until(barrier, timeoutMs)
    this.#selfLog.exiting()
    await this.#courier.stop()
    const dropped = this.#end()
    await this.#wayOut.close()
    this.#hooks.onClosed?.()
    return {
      ok: dropped === 0,
      remaining: 0,
      ledger: this.#totals(),
      dropped,
      handedOver: 0,
      durationMs: Math.round(clock.now() - startedAt),
    }
  }

  /** The last words, all at once: what has no fate is given up, announced, and its number given. */
  #end(): number {
    if (this.#ended) return 0
    this.#ended = true
    this.#queue.close()
    this.#offExit()
    // First what was folded so far: it speaks of lines that are still held.
    this.#selfLog.flush()
    const left = this.#queue.pending()
    this.#queue.dropAll('shutdown_deadline')
    this.#news.dropped(this.#queue.takeDrops(), this.#queue.bytes)
    this.#news.ended(left, this.#totals())
    this.#selfLog.close()
    this.#waiters.look()
    return left
  }

  /** The process exits without having closed us: nothing asynchronous happens any more. */
  #abandon(): void {
    this.#selfLog.exiting()
    this.#framer.end()
    this.#end()
  }

  #totals(): Ledger {
    return this.#ledger.read({ pending: this.#queue.pending(), spooled: 0 })
  }
}
