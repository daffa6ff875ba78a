import type { Random } from '../../core/platform.ts'
import { createSeededRandom } from '../seeded-random.ts'
import type { DnsFault, DnsFaultKind, DnsFaultWhen, RaceFault } from './dns-fault.ts'
import type { DnsFaultHandle } from './dns-fault-control.ts'
import { fitsName, plainName } from './domain-name.ts'
import type { Flow } from './flow-table.ts'

/** What a fault may know of a query to decide whether it applies. */
export interface DnsOccasion {
  /** Monotonic ms. */
  readonly now: number
  /** As asked for; `''` where the bytes could not be read. */
  readonly name: string
  readonly type: string
  readonly transport: 'udp' | 'tcp'
  /** Undefined over TCP. */
  readonly flow: Flow | undefined
}

const usualRaceMs = 20
const usualAnswerDelayMs = 2
/** These and the race know no TCP. */
const ofUdp: readonly DnsFaultKind[] = ['loss', 'truncate']

/** How long a race makes each answer over UDP wait. */
export function answerDelayMsOf(fault: RaceFault): number {
  return fault.answerDelayMs ?? (fault.whileUnanswered ? usualAnswerDelayMs : 0)
}

/** A fault in the list, with what it remembers. */
export class ActiveDnsFault<F extends DnsFault = DnsFault> implements DnsFaultHandle {
  readonly id: number
  readonly fault: F
  /** What it leaves to chance comes from its seed. */
  readonly random: Random
  readonly #when: DnsFaultWhen
  readonly #addedAt: number
  readonly #onOff: () => void
  #applied = 0
  #position = 0

  constructor(id: number, fault: F, addedAt: number, onOff: () => void) {
    this.id = id
    this.fault = fault
    this.#when = fault.when ?? {}
    this.#addedAt = addedAt
    this.random = createSeededRandom(this.#when.seed ?? 1)
    this.#onOff = onOff
  }

  get applied(): number {
    return this.#applied
  }

  off(): void {
    this.#onOff()
  }

  /** Does it apply now? A yes counts as one of its times. */
  strike(occasion: DnsOccasion): boolean {
    if (!(this.looksAt(occasion) && this.#isPossible(occasion))) return false
    this.#position++
    const hit = this.#isCounted() && this.#isChosen()
    if (hit) this.#applied++
    return hit
  }

  /** Is this its time, and the query of its name, type and transport? */
  looksAt({ now, name, type, transport }: DnsOccasion): boolean {
    const when = this.#when
    const from = this.#addedAt + (when.afterMs ?? 0)
    return (
      now >= from &&
      now < from + (when.forMs ?? Number.POSITIVE_INFINITY) &&
      (when.name === undefined || fitsName(when.name, plainName(name))) &&
      (when.type === undefined || when.type.toUpperCase() === type) &&
      (when.transport ?? transport) === transport
    )
  }

  #isPossible({ now, flow, transport }: DnsOccasion): boolean {
    const { fault } = this
    if (fault.kind === 'race') return flow !== undefined && isRace(fault, flow, now)
    return transport === 'udp' || !ofUdp.includes(fault.kind)
  }

  #isCounted(): boolean {
    const { queries: [from, to] = [1], every = 1, times } = this.#when
    const position = this.#position
    return (
      position >= from &&
      position <= (to ?? Number.POSITIVE_INFINITY) &&
      position % every === 0 &&
      this.#applied < (times ?? Number.POSITIVE_INFINITY)
    )
  }

  #isChosen(): boolean {
    const { probability } = this.#when
    if (probability !== undefined && this.random() >= probability) return false
    return this.fault.kind !== 'loss' || this.random() < this.fault.fraction
  }
}

function isRace(fault: RaceFault, flow: Flow, now: number): boolean {
  if (flow.datagrams !== 2 || (fault.whileUnanswered && flow.isAnswered)) return false
  const withinMs = fault.withinMs ?? usualRaceMs + answerDelayMsOf(fault)
  return now - flow.firstAt <= withinMs
}
