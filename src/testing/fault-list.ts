import { performance } from 'node:perf_hooks'
import type { Occasion } from './active-fault.ts'
import { ActiveFault } from './active-fault.ts'
import { checkFault } from './check-fault.ts'
import type {
  Fault,
  FaultKind,
  ItemsFault,
  ResetMidUploadFault,
  ResetOnReuseFault,
  SlowFault,
} from './fault.ts'
import type { FaultControl, FaultHandle } from './fault-control.ts'

/** Faults that decide the whole answer. Of these at most one applies to a request. */
export type AnswerFault = Exclude<
  Fault,
  {
    kind:
      | 'black-hole'
      | 'reset-on-accept'
      | 'reset-mid-upload'
      | 'reset-on-reuse'
      | 'items'
      | 'slow'
  }
>

/** What befalls a request while its body comes in. */
export interface UploadPlan {
  readonly slow: SlowFault | undefined
  readonly reset: ResetMidUploadFault | undefined
}

/** What befalls its answer. */
export interface AnswerPlan {
  readonly answer: AnswerFault | undefined
  readonly trap: ResetOnReuseFault | undefined
  readonly items: readonly ActiveFault<ItemsFault>[]
}

/** The list of faults. It decides which applies when; what a fault does is done elsewhere. */
export class FaultList implements FaultControl {
  readonly #node: string
  /** Called when a black hole begins: sockets that exist die. */
  readonly #onBlackHole: () => void
  readonly #onChange: () => void
  readonly #active = new Map<number, ActiveFault>()
  readonly #timers = new Map<number, NodeJS.Timeout>()
  readonly #openHoles = new Set<number>()
  #lastId = 0

  constructor(node: string, onBlackHole: () => void, onChange: () => void) {
    this.#node = node
    this.#onBlackHole = onBlackHole
    this.#onChange = onChange
  }

  get list(): readonly FaultHandle[] {
    return [...this.#active.values()]
  }

  /** A black hole is open: what is accepted now is dead from the start. */
  get blackHole(): boolean {
    return this.#openHoles.size > 0
  }

  add(fault: Fault): FaultHandle {
    checkFault(fault)
    const id = ++this.#lastId
    const active = new ActiveFault(id, fault, performance.now(), () => this.#remove(id))
    this.#active.set(id, active)
    const isBlackHole = fault.kind === 'black-hole' && this.#isHere(fault)
    if (isBlackHole && !fault.when?.requests) this.#beginAfter(active, fault.when?.afterMs ?? 0)
    this.#onChange()
    return active
  }

  clear(): void {
    for (const id of [...this.#active.keys()]) this.#remove(id)
  }

  /** Is a new connection reset at once? */
  onAccept(connection: number): boolean {
    const occasion = { number: connection, bulkNumber: connection, bytes: 0, wireBytes: 0 }
    return this.#first(['reset-on-accept'], { ...occasion, now: performance.now() }) !== undefined
  }

  /** At the head of a request. A black hole that waited for it begins. */
  planUpload(occasion: Occasion): UploadPlan {
    for (const active of this.#active.values()) {
      if (active.fault.kind !== 'black-hole' || !this.#isHere(active.fault)) continue
      const from = active.fault.when?.requests?.[0]
      const number = active.fault.when?.path === 'any' ? occasion.number : occasion.bulkNumber
      if (from === undefined || number === undefined || number < from) continue
      if (active.applied === 0) this.#beginAfter(active, active.fault.when?.afterMs ?? 0)
    }
    return {
      slow: this.#first<SlowFault>(['slow'], occasion),
      reset: this.#first<ResetMidUploadFault>(['reset-mid-upload'], occasion),
    }
  }

  /** When the body has been read. */
  planAnswer(occasion: Occasion): AnswerPlan {
    return {
      answer: this.#first<AnswerFault>(
        [
          'hang',
          'hang-body',
          'store-then-reset',
          'status',
          'html',
          'truncated',
          'short-items',
          'long-items',
          'too-large',
          'empty-200',
        ],
        occasion,
      ),
      trap: this.#first<ResetOnReuseFault>(['reset-on-reuse'], occasion),
      items: [...this.#active.values()].filter(
        (active): active is ActiveFault<ItemsFault> =>
          active.fault.kind === 'items' && active.strike(occasion, this.#node),
      ),
    }
  }

  #first<F extends Fault>(kinds: readonly FaultKind[], occasion: Occasion): F | undefined {
    for (const active of this.#active.values()) {
      if (!kinds.includes(active.fault.kind)) continue
      if (active.strike(occasion, this.#node)) return active.fault as F
    }
    return undefined
  }

  #isHere(fault: Fault): boolean {
    return (fault.when?.node ?? this.#node) === this.#node
  }

  #beginAfter(active: ActiveFault, delayMs: number): void {
    active.note()
    if (delayMs === 0) this.#begin(active)
    else this.#later(active.id, delayMs, () => this.#begin(active))
  }

  #begin(active: ActiveFault): void {
    this.#openHoles.add(active.id)
    this.#onBlackHole()
    const forMs = active.fault.when?.forMs
    if (forMs !== undefined) this.#later(active.id, forMs, () => this.#remove(active.id))
  }

  #later(id: number, delayMs: number, run: () => void): void {
    clearTimeout(this.#timers.get(id))
    this.#timers.set(id, setTimeout(run, delayMs).unref())
  }

  #remove(id: number): void {
    clearTimeout(this.#timers.get(id))
    this.#timers.delete(id)
    this.#openHoles.delete(id)
    if (this.#active.delete(id)) this.#onChange()
  }
}
