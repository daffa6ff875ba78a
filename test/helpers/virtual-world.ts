import assert from 'node:assert/strict'
import type { Fate, Ledger } from '../../src/core/ledger.ts'
import { droppedTotal, imbalance, LedgerBook } from '../../src/core/ledger.ts'
import { Courier } from '../../src/delivery/index.ts'
import { MemoryQueue } from '../../src/queue/index.ts'
import { CollectingSelfLog } from './collecting-self-log.ts'
import { usualQueueOptions } from './courier-fixture.ts'
import { documentOf } from './document-of.ts'
import { ManualClock } from './manual-clock.ts'
import type { Fault } from './model-server.ts'
import { ModelServer } from './model-server.ts'
import { createChance } from './seeded-random.ts'

/** Everything that a run depends on. */
export interface WorldPlan {
  readonly seed: number
  readonly faults: readonly Fault[]
  /** In the order in which they are written, evenly over the first minute. */
  readonly lines: readonly LineKind[]
  readonly maxBytes: number
  readonly maxBodyBytes: number
  readonly flushItems: number
}

export type LineKind = 'good' | 'wide' | 'poison' | 'misfit' | 'malformed' | 'beyond_repair'

const faultyMs = 60_000

class SpiedBook extends LedgerBook {
  readonly fates = new Map<string, Fate>()

  override book(fate: Fate, _id: string | undefined): void {
    super.book(fate, _id)
    if (_id === undefined) return
    assert.ok(!this.fates.has(_id), `${_id} is ${fate}, and was ${this.fates.get(_id)}`)
    this.fates.set(_id, fate)
  }
}

class BalancedSelfLog extends CollectingSelfLog {
  check: () => void = () => {}

  override emit(event: Parameters<CollectingSelfLog['emit']>[0]): void {
    this.check()
    super.emit(event)
  }
}

/** Courier, queue and books as they are, with a server, time and chance that follow the plan. */
export class VirtualWorld {
  readonly clock = new ManualClock()
  readonly selfLog = new BalancedSelfLog()
  readonly server: ModelServer
  readonly queue: MemoryQueue
  readonly courier: Courier
  readonly #plan: WorldPlan
  readonly #book = new SpiedBook()
  #written = 0

  constructor(plan: WorldPlan) {
    this.#plan = plan
    const chance = createChance(plan.seed)
    const { clock, selfLog } = this
    const { maxBytes, flushItems } = plan
    const queueOptions = { ...usualQueueOptions, maxBytes, flushItems, flushBytes: 20_000 }
    const parts = { clock, random: chance.random, ledger: this.#book }
    this.queue = new MemoryQueue(queueOptions, parts)
    this.courier = new Courier(
      { concurrency: 4, minDelayMs: 500, maxDelayMs: 15_000, gzip: false },
      { ...parts, queue: this.queue, selfLog, repair, onProgress: () => this.ledger() },
    )
    this.server = new ModelServer({ ...plan, chance }, clock)
    selfLog.check = () => {
      this.ledger()
    }
  }

  /** The books, which always balance (I1), and memory within its bound (I6). */
  ledger(): Ledger {
    const ledger = this.#book.read({ pending: this.queue.pending(), spooled: 0 })
    assert.equal(imbalance(ledger), 0, `I1: ${JSON.stringify(ledger)}`)
    assert.ok(this.queue.bytes <= this.#plan.maxBytes, `${this.queue.bytes} bytes in memory`)
    return ledger
  }

  /** The minute in which things go wrong. */
  async suffer(): Promise<void> {
    this.courier.start(this.server)
    const { lines } = this.#plan
    const pauseMs = faultyMs / (lines.length + 1)
    for (const kind of lines) {
      this.write(kind)
      await this.clock.advance(pauseMs)
      this.ledger()
    }
    await this.clock.advance(pauseMs)
  }

  write(kind: LineKind): void {
    const n = this.#written++
    const fill = kind === 'wide' ? 'x'.repeat(3000) : ''
    const bad = kind === 'good' || kind === 'wide' ? '' : `,"bad":"${kind}"`
    this.queue.tick()
    const index = n % 3 === 0 ? 'logs-a' : 'logs-b'
    this.queue.add(documentOf(`{"n":${n}${bad},"fill":"${fill}"}`, index))
    this.courier.pump()
  }

  /**
   * All is well again, and a good line comes about each second, for lines that wait until others have passed. Ends when
   * nothing is pending; throws when the first of the new lines takes longer than 30 s, or all of it 2 minutes.
   */
  async recover(): Promise<void> {
    const first = this.#written
    for (let turn = 0; this.queue.pending() > 0 || turn === 0; turn++) {
      assert.ok(turn < 110, `${this.queue.pending()} lines are stuck`)
      this.write('good')
      // A line of a trickle waits for up to a second.
      await this.clock.advance(1100)
      this.ledger()
      // The longest Retry-After of the plan is 3 s.
      if (turn === 30) assert.ok(this.#isStored(first), 'I5: the first new line')
    }
    assert.deepEqual(this.selfLog.open, [], 'each trouble is closed')
    assert.deepEqual([this.queue.bytes, this.clock.openTimers, this.server.open], [0, 0, 0])
    assert.ok(this.server.mostOpen <= 12, `${this.server.mostOpen} requests at once`)
    this.#checkFates()
  }

  /** The end in the midst of it: what has no fate is given up, and said to be ambiguous where it may be stored. */
  async end(): Promise<void> {
    this.queue.close()
    await this.courier.stop()
    this.queue.dropAll('shutdown_deadline')
    const { droppedAmbiguous, pending } = this.ledger()
    assert.equal(pending, 0)
    const falselyLost = [...this.#book.fates].filter(
      ([id, fate]) => fate === 'shutdown_deadline' && this.server.stored.has(id),
    )
    assert.ok(falselyLost.length <= droppedAmbiguous, `${falselyLost.length} in doubt`)
    this.#checkFates()
    const timers = this.clock.openTimers
    await this.clock.advance(60_000)
    assert.deepEqual([timers, this.clock.openTimers], [0, 0])
  }

  #isStored(n: number): boolean {
    return [...this.server.stored.values()].some((line) => numberOf(line) === n)
  }

  #checkFates(): void {
    const { stored, seen } = this.server
    const { accepted, deadLettered, stored: created, duplicates, ...rest } = this.ledger()
    assert.equal(accepted, this.#written)
    assert.equal(
      created +
        duplicates +
        deadLettered +
        droppedTotal({ ...rest, accepted, deadLettered, stored: created, duplicates }),
      accepted,
    )
    for (const [id, fate] of this.#book.fates) {
      const line = seen.get(id) ?? ''
      if (fate === 'stored' || fate === 'duplicate')
        assert.ok(stored.has(id), `${id} is not stored`)
      if (fate === 'deadLettered') assert.ok(this.#isBad(line), `given up for nothing: ${line}`)
      if (fate === 'memory_full') assert.ok(!seen.has(id), `dropped, but had been sent: ${line}`)
    }
    const numbers = [...stored.values()].map(numberOf)
    assert.equal(new Set(numbers).size, numbers.length, 'no line is stored twice')
    const announced = this.selfLog.of('items.dead_lettered')
    assert.equal(
      announced.reduce((sum, { items = 0 }) => sum + items, 0),
      deadLettered,
    )
  }

  #isBad(line: string): boolean {
    const tooLarge = line.length + 200 > this.#plan.maxBodyBytes
    return tooLarge || /"poison"|"misfit"|"beyond_repair"/.test(line)
  }
}

function repair(line: Buffer) {
  const text = line.toString()
  if (!text.includes('"malformed"')) return undefined
  return { line: Buffer.from(text.replace('"malformed"', '"mended"')), repairs: ['mended'] }
}

function numberOf(line: string): number {
  return Number(/"n":(\d+)/.exec(line)?.[1])
}
