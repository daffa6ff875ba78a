import { performance } from 'node:perf_hooks'
import type { DnsOccasion } from './active-dns-fault.ts'
import { ActiveDnsFault, answerDelayMsOf } from './active-dns-fault.ts'
import { checkDnsFault } from './check-dns-fault.ts'
import type {
  DelayFault,
  DnsFault,
  DnsFaultKind,
  DropFault,
  LossFault,
  RaceFault,
  SilenceFault,
  TtlFault,
} from './dns-fault.ts'
import type { DnsFaultControl, DnsFaultHandle } from './dns-fault-control.ts'
import { defaultFlowMs } from './flow-table.ts'

/** Faults that keep a query from being answered. */
type SwallowFault = RaceFault | LossFault | DropFault | SilenceFault

/** Faults that decide what the answer is. Of these at most one applies to a query. */
export type AnswerFault = Exclude<DnsFault, SwallowFault | DelayFault | TtlFault>

/** What befalls a query. */
export type QueryPlan =
  | { readonly kind: 'dropped'; readonly fault: DnsFaultKind }
  | {
      readonly kind: 'answered'
      readonly answer: ActiveDnsFault<AnswerFault> | undefined
      readonly ttl: number | undefined
      readonly delayMs: number
      /** The answer gets lost on its way. */
      readonly isLost: boolean
      /** The one that a reader should know of first. */
      readonly fault: DnsFaultKind | undefined
    }

/** The list of faults. It decides which applies when; what a fault does is done elsewhere. */
export class DnsFaultList implements DnsFaultControl {
  readonly #onChange: () => void
  readonly #active = new Map<number, ActiveDnsFault>()
  #lastId = 0

  constructor(onChange: () => void) {
    this.#onChange = onChange
  }

  get list(): readonly DnsFaultHandle[] {
    return [...this.#active.values()]
  }

  /** How long a silent flow is remembered: as long as the race that looks back farthest says. */
  get flowMs(): number {
    const races = [...this.#active.values()]
      .map(({ fault }) => fault)
      .filter((fault) => fault.kind === 'race')
    if (races.length === 0) return defaultFlowMs
    return Math.max(...races.map((race) => race.flowMs ?? defaultFlowMs))
  }

  add(fault: DnsFault): DnsFaultHandle {
    checkDnsFault(fault)
    const id = ++this.#lastId
    const active = new ActiveDnsFault(id, fault, performance.now(), () => this.#remove(id))
    this.#active.set(id, active)
    this.#onChange()
    return active
  }

  clear(): void {
    for (const id of [...this.#active.keys()]) this.#remove(id)
  }

  /** Decides about one query, and counts the faults that apply. */
  plan(occasion: DnsOccasion): QueryPlan {
    const swallow = this.#first(isSwallow, occasion)
    if (swallow) return { kind: 'dropped', fault: swallow.fault.kind }
    const answer = this.#first(isAnswer, occasion)
    const ttl = this.#first(isTtl, occasion)
    const delay = this.#first(isDelay, occasion)
    const loss = this.#first(isLossOut, occasion)
    const deciding = loss ?? answer ?? ttl ?? delay
    return {
      kind: 'answered',
      answer,
      ttl: ttl && (ttl.fault.ttl ?? 0),
      delayMs: (delay?.fault.delayMs ?? 0) + this.#raceDelayMs(occasion),
      isLost: loss !== undefined,
      fault: deciding?.fault.kind,
    }
  }

  #raceDelayMs(occasion: DnsOccasion): number {
    const delays = [...this.#active.values()].map((active) =>
      active.fault.kind === 'race' && occasion.transport === 'udp' && active.looksAt(occasion)
        ? answerDelayMsOf(active.fault)
        : 0,
    )
    return Math.max(0, ...delays)
  }

  #first<F extends DnsFault>(
    isOne: (active: ActiveDnsFault) => active is ActiveDnsFault<F>,
    occasion: DnsOccasion,
  ): ActiveDnsFault<F> | undefined {
    for (const active of this.#active.values()) {
      if (isOne(active) && active.strike(occasion)) return active
    }
    return undefined
  }

  #remove(id: number): void {
    if (this.#active.delete(id)) this.#onChange()
  }
}

const isLossOut = (active: ActiveDnsFault): active is ActiveDnsFault<LossFault> =>
  active.fault.kind === 'loss' && active.fault.direction === 'out'
const isDelay = (active: ActiveDnsFault): active is ActiveDnsFault<DelayFault> =>
  active.fault.kind === 'delay'
const isTtl = (active: ActiveDnsFault): active is ActiveDnsFault<TtlFault> =>
  active.fault.kind === 'ttl'
const isSwallow = (active: ActiveDnsFault): active is ActiveDnsFault<SwallowFault> =>
  ['race', 'loss', 'drop', 'silence'].includes(active.fault.kind) && !isLossOut(active)
const isAnswer = (active: ActiveDnsFault): active is ActiveDnsFault<AnswerFault> =>
  !(isSwallow(active) || isLossOut(active) || isDelay(active) || isTtl(active))
