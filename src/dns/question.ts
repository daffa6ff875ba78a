import type { Clock, Timer } from '../core/platform.ts'
import type { askServer } from './ask-server.ts'
import type { QuestionOutcome, QuestionReport } from './dns-event.ts'
import type { QuestionType, ServerAnswer } from './dns-message.ts'
import type { ServerAddress } from './server-address.ts'
import { showServer } from './server-address.ts'
import type { ServerPool } from './server-pool.ts'

/** What a question came to. */
export type QuestionResult = ServerAnswer | { readonly outcome: 'timeout' }

/** What a question needs. */
export interface QuestionParts {
  readonly clock: Clock
  readonly pool: ServerPool
  readonly ask: typeof askServer
  /** How long each try waits before the next one. At least one. */
  readonly triesMs: readonly number[]
  readonly tcp: boolean
  /** Ask again those that say at once that they cannot answer. */
  readonly insist: boolean
}

interface Sent {
  readonly server: ServerAddress
  readonly atMs: number
  readonly stop: () => void
  state: 'open' | 'overdue' | 'answered' | 'bad'
}

/** Between two rounds over all servers, when each answered at once that it cannot. */
const roundPauseMs = 50
/** From the third try on without EDNS: something on the way may drop it. */
const ednsTries = 2
/** An answer as quick as this to a later try says that the server was never slow. */
const quickMs = 100

/**
 * One question, asked until somebody answers:
 *
 * ```
 *   try 1, port a ──────────────────────────────… an answer that comes late still counts
 *       200 ms └─ try 2, port b, next server ───…
 *                     400 ms └─ try 3, port c ──…
 * ```
 *
 * A server that cannot answer, and says so, is passed over at once. Sockets close when the question ends.
 */
export class Question {
  readonly #name: string
  readonly #type: QuestionType
  readonly #parts: QuestionParts
  readonly #servers: readonly ServerAddress[]
  readonly #startedMs: number
  readonly #sent: Sent[] = []
  #edns = true
  #timer: Timer | undefined
  #deadline: Timer | undefined
  #fault: ServerAnswer | undefined
  #outcome: QuestionOutcome = 'waiting'
  #endedMs = 0
  #answeredBy: Sent | undefined
  #resolve: ((result: QuestionResult) => void) | undefined

  /** `name` is full, without its last dot. */
  constructor(name: string, type: QuestionType, parts: QuestionParts) {
    this.#name = name
    this.#type = type
    this.#parts = parts
    this.#startedMs = parts.clock.now()
    this.#servers = parts.pool.order(this.#startedMs)
  }

  /** Asks; ends within `maxMs`. To be called once. */
  run(maxMs: number): Promise<QuestionResult> {
    return new Promise((resolve) => {
      this.#resolve = resolve
      this.#deadline = this.#parts.clock.setTimeout(() => this.#giveUp(), Math.max(0, maxMs))
      this.#next()
    })
  }

  /** Ends the question now. */
  stop(): void {
    this.#giveUp()
  }

  /** What is known so far. */
  report(): QuestionReport {
    const { server } = this.#answeredBy ?? this.#sent.at(-1) ?? { server: this.#servers[0] }
    const endedMs = this.#outcome === 'waiting' ? this.#parts.clock.now() : this.#endedMs
    return {
      name: this.#name,
      type: this.#type,
      server: server === undefined ? '' : showServer(server),
      tries: this.#sent.length,
      outcome: this.#outcome,
      ms: roundMs(endedMs - this.#startedMs),
      lostPacket: this.#lostPacket(),
    }
  }

  #next(): void {
    const { clock, pool, ask, triesMs, tcp } = this.#parts
    clock.clearTimeout(this.#timer)
    const index = this.#sent.length
    const server = this.#servers[index % this.#servers.length]
    if (server === undefined || index >= Math.max(triesMs.length, this.#servers.length)) {
      // What is still open may be answered until the deadline.
      if (!this.#isOpen()) this.#giveUp()
      return
    }
    const edns = this.#edns && index < ednsTries
    const what = { server, name: this.#name, type: this.#type, tcp, edns }
    const sent: Sent = {
      server,
      atMs: clock.now(),
      stop: ask(what, (answer) => this.#take(answer, sent)),
      state: 'open',
    }
    this.#sent.push(sent)
    this.#timer = clock.setTimeout(
      () => {
        sent.state = 'overdue'
        pool.markDead(server, clock.now())
        this.#next()
      },
      triesMs[Math.min(index, triesMs.length - 1)] ?? 0,
    )
  }

  #take(answer: ServerAnswer, sent: Sent): void {
    if (this.#outcome !== 'waiting') return
    const { clock, pool } = this.#parts
    const isLast = sent === this.#sent.at(-1)
    switch (answer.outcome) {
      case 'answered':
      case 'nodata':
      case 'nxdomain':
        sent.state = 'answered'
        this.#answeredBy = sent
        pool.markAlive(sent.server)
        this.#end(answer)
        return
      case 'unreachable':
        pool.markDead(sent.server, clock.now())
        break
      case 'formerr':
      case 'notimp':
        this.#edns = false
        break
      case 'servfail':
      case 'refused':
      case 'malformed':
        break
    }
    sent.state = 'bad'
    if (this.#fault === undefined || this.#fault.outcome === 'unreachable') this.#fault = answer
    if (isLast) this.#goOn()
  }

  /** At once to the next server; after the last one with a pause. */
  #goOn(): void {
    if (this.#sent.length % this.#servers.length !== 0) {
      this.#next()
      return
    }
    const { clock, insist } = this.#parts
    clock.clearTimeout(this.#timer)
    if (insist || this.#isOpen()) {
      this.#timer = clock.setTimeout(() => this.#next(), roundPauseMs)
    } else this.#giveUp()
  }

  #giveUp(): void {
    const silent = this.#isOpen()
    const fault = this.#fault
    // A server that answered, if only that it cannot, tells more than one that is silent; a closed port does not.
    const known = fault !== undefined && !(silent && fault.outcome === 'unreachable')
    this.#end(known ? fault : { outcome: 'timeout' })
  }

  #end(result: QuestionResult): void {
    if (this.#outcome !== 'waiting') return
    const { clock } = this.#parts
    this.#outcome = result.outcome
    this.#endedMs = clock.now()
    clock.clearTimeout(this.#timer)
    clock.clearTimeout(this.#deadline)
    for (const { stop } of this.#sent) stop()
    this.#resolve?.(result)
  }

  /** Whether an answer may still come. */
  #isOpen(): boolean {
    return this.#sent.some(({ state }) => state === 'open' || state === 'overdue')
  }

  #lostPacket(): boolean {
    const by = this.#answeredBy
    if (by === undefined || this.#endedMs - by.atMs > quickMs) return false
    return this.#sent.some(
      (sent) => sent !== by && sent.state === 'overdue' && sent.server === by.server,
    )
  }
}

/** To a tenth. */
export function roundMs(ms: number): number {
  return Math.round(ms * 10) / 10
}
