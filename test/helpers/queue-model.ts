import assert from 'node:assert/strict'
import type { Batch, History } from '../../src/core/batch.ts'
import { imbalance, LedgerBook } from '../../src/core/ledger.ts'
import type { Again } from '../../src/core/queue-face.ts'
import type { QueueOptions } from '../../src/queue/index.ts'
import { MemoryQueue } from '../../src/queue/index.ts'
import { usualQueueOptions } from './courier-fixture.ts'
import { documentOf } from './document-of.ts'
import { ManualClock } from './manual-clock.ts'

/** What a test may do to a queue; numbers are taken modulo what there is. */
export type QueueStep =
  | { readonly do: 'add'; readonly index: string; readonly fill: number }
  | { readonly do: 'tooLong' }
  | { readonly do: 'lease'; readonly smallest: boolean; readonly idle: boolean }
  | ({ readonly do: 'giveBack' } & GiveBack)
  | { readonly do: 'hold'; readonly index: string; readonly forMs: number }
  | { readonly do: 'release'; readonly index: string }
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'seal' }
  | { readonly do: 'hurry' }

export type Outcome = 'settled' | 'again' | 'repair' | 'trial'

interface GiveBack {
  readonly which: number
  readonly outcomes: readonly Outcome[]
  readonly afterMs: number
  /** Bytes had left the machine. */
  readonly left: boolean
}

const allStored: GiveBack = { which: 0, outcomes: [], afterMs: 0, left: true }

interface Line {
  readonly n: number
  readonly index: string
  text: string
  id: string | undefined
  state: 'waiting' | 'leased' | 'settled' | 'dropped'
  sent: boolean
}

/** The queue, and beside it what must be true of it. */
export class QueueModel {
  readonly clock = new ManualClock()
  readonly queue: MemoryQueue
  readonly #options: QueueOptions
  readonly #book = new LedgerBook()
  readonly #lines: Line[] = []
  readonly #ofId = new Map<string, Line>()
  readonly #leased: { readonly batch: Batch; readonly lines: readonly Line[] }[] = []
  #barrier = { sequence: 0, lines: [] as readonly Line[] }
  #tooLong = 0

  constructor(options: Partial<QueueOptions>) {
    this.#options = {
      ...usualQueueOptions,
      ...options,
      // Names each line by its number, so that drops tell which they were.
      levelOf: (line) => /"n":(\d+)/.exec(line.toString())?.[1] ?? 'none',
    }
    this.queue = new MemoryQueue(this.#options, {
      clock: this.clock,
      random: () => 0,
      ledger: this.#book,
    })
  }

  async run(step: QueueStep): Promise<void> {
    await this.#do(step)
    this.#noteDrops()
    this.check()
  }

  /** Everything is answered with 201, until nothing is left. */
  async drain(): Promise<void> {
    while (this.#leased.length > 0) this.#giveBack(allStored)
    for (const index of new Set(this.#lines.map((line) => line.index))) {
      this.queue.releaseIndex(index)
    }
    for (let turn = 0; this.queue.pending() > 0; turn++) {
      assert.ok(turn < 10_000, 'the queue does not drain')
      this.#lease({ smallest: false, idle: true })
      if (this.#leased.length > 0) this.#giveBack(allStored)
      else await this.clock.advance(1000)
      this.#noteDrops()
      this.check()
    }
    assert.deepEqual([this.queue.bytes, this.queue.nextReadyAt(true)], [0, undefined])
    assert.equal(this.queue.pendingUpTo(this.queue.seal()), 0)
    const open = this.#lines.filter(({ state }) => state === 'waiting' || state === 'leased')
    assert.deepEqual(open, [], 'each line has a fate')
  }

  /** What must hold at any moment. */
  check(): void {
    const pending = this.#lines.filter(({ state }) => state === 'waiting' || state === 'leased')
    assert.equal(this.queue.pending(), pending.length, 'pending')
    const ledger = this.#book.read({ pending: this.queue.pending(), spooled: 0 })
    assert.equal(imbalance(ledger), 0, 'I1')
    assert.equal(ledger.accepted, this.#lines.length + this.#tooLong)
    const bytes = pending.reduce((sum, line) => sum + sizeOf(line), 0)
    assert.equal(this.queue.bytes, bytes, 'bytes')
    if (this.#options.whenFull !== 'backpressure') {
      assert.ok(bytes <= this.#options.maxBytes, `${bytes} bytes in memory`)
    }
    const { sequence, lines } = this.#barrier
    const before = lines.filter(({ state }) => state === 'waiting' || state === 'leased')
    assert.equal(this.queue.pendingUpTo(sequence), before.length, 'barrier')
  }

  async #do(step: QueueStep): Promise<void> {
    switch (step.do) {
      case 'add':
        return this.#add(step.index, step.fill)
      case 'tooLong':
        this.#tooLong++
        return this.queue.addTooLong(Buffer.from('{"m":"…'), 20_000_000)
      case 'lease':
        return this.#lease(step)
      case 'giveBack':
        return this.#giveBack(step)
      case 'hold':
        return this.queue.holdIndex(step.index, this.clock.now() + step.forMs)
      case 'release':
        return this.queue.releaseIndex(step.index)
      case 'pass':
        return this.clock.advance(step.ms)
      case 'seal':
        this.#barrier = { sequence: this.queue.seal(), lines: [...this.#lines] }
        return undefined
      case 'hurry':
        return this.queue.hurry()
    }
  }

  #add(index: string, fill: number): void {
    const n = this.#lines.length
    const text = `{"n":${n},"fill":"${'x'.repeat(fill)}"}`
    this.#lines.push({ n, index, text, id: undefined, state: 'waiting', sent: false })
    this.queue.tick()
    this.queue.add(documentOf(text, index))
  }

  #lease(wish: { smallest: boolean; idle: boolean }): void {
    const batch = this.queue.lease(wish)
    if (batch === undefined) return
    const { flushBytes, flushItems } = this.#options
    assert.ok(batch.count >= 1 && batch.count <= flushItems, `${batch.count} documents`)
    assert.ok(batch.count === 1 || batch.body.length <= flushBytes, `${batch.body.length} bytes`)
    const lines = Array.from({ length: batch.count }, (_, i) => this.#leaseLine(batch, i))
    const body = lines.map((line) => `${actionOf(line)}\n${line.text}\n`).join('')
    assert.equal(batch.body.toString(), body)
    this.#leased.push({ batch, lines })
  }

  #leaseLine(batch: Batch, i: number): Line {
    const line = this.#lines[Number(/"n":(\d+)/.exec(batch.line(i).toString())?.[1])]
    assert.ok(line !== undefined)
    assert.equal(line.state, 'waiting', `line ${line.n} is ${line.state}`)
    const id = batch.id(i)
    assert.equal(line.id ?? id, id, 'an id never changes')
    assert.equal(this.#ofId.get(id) ?? line, line, 'an id belongs to one line')
    assert.equal(line.index, batch.index)
    assert.equal(batch.bytesOf(i), sizeOf(line))
    this.#ofId.set(id, line)
    line.id = id
    line.state = 'leased'
    return line
  }

  #giveBack({ which, outcomes, afterMs, left }: GiveBack): void {
    const [leased] = this.#leased.splice(which % this.#leased.length, 1)
    if (leased === undefined) return
    const { batch, lines } = leased
    const again = new Map<Outcome, number[]>()
    for (const [i, line] of lines.entries()) {
      const outcome = outcomes[i % outcomes.length] ?? 'settled'
      line.state = outcome === 'settled' ? 'settled' : 'waiting'
      line.sent ||= left
      if (outcome === 'settled') this.#book.book('stored', batch.id(i))
      else again.set(outcome, [...(again.get(outcome) ?? []), i])
    }
    const { tries, sent } = batch.history
    const past = { ...batch.history, tries: tries + 1, sent: sent || left }
    const readyAt = this.clock.now() + afterMs
    const parts = [...again].flatMap(([outcome, documents]) => {
      if (outcome === 'again') return [{ documents, history: past, readyAt }]
      if (outcome === 'repair') return documents.map((i) => mended(lines, i, past))
      return halves(documents, past, readyAt)
    })
    this.queue.giveBack(
      batch,
      parts.map((part) => whole(part, batch.count)),
    )
  }

  #noteDrops(): void {
    for (const { reason, levels } of this.queue.takeDrops()) {
      if (reason !== 'memory_full') continue
      for (const n of Object.keys(levels)) {
        const line = this.#lines[Number(n)]
        assert.ok(line !== undefined && levels[n] === 1)
        assert.equal(line.state, 'waiting', `line ${n} was ${line.state} when it was dropped`)
        assert.ok(!line.sent, `line ${n} had been sent`)
        line.state = 'dropped'
      }
    }
  }
}

/** As the courier says it when all documents go again as they are. */
function whole(part: Again, count: number): Again {
  const isAll = part.documents.length === count && part.line === undefined
  return isAll ? { ...part, documents: 'all' } : part
}

function mended(lines: readonly Line[], i: number, past: History): Again {
  const line = lines[i]
  assert.ok(line !== undefined)
  line.text = `{"n":${line.n}}`
  const history = { ...past, repaired: true }
  return { documents: [i], history, readyAt: 0, line: Buffer.from(line.text) }
}

function halves(documents: readonly number[], past: History, readyAt: number): readonly Again[] {
  const middle = documents.length >>> 1
  const history = { ...past, trial: true, ...(documents.length === 1 && { trialMark: 0 }) }
  return [documents.slice(0, middle), documents.slice(middle)]
    .filter((half) => half.length > 0)
    .map((half) => ({ documents: half, history, readyAt }))
}

function actionOf(line: Line): string {
  return `{"create":{"_index":"${line.index}","_id":"${line.id ?? '-'.repeat(20)}"}}`
}

function sizeOf(line: Line): number {
  return Buffer.byteLength(`${actionOf(line)}\n${line.text}\n`)
}
