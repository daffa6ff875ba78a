import type { Random } from '../core/platform.ts'
import type { Fault, FaultWhen, ItemsFault } from './fault.ts'
import type { FaultHandle } from './fault-control.ts'
import type { JsonObject } from './json.ts'
import { valuesAt } from './json.ts'
import { createSeededRandom } from './seeded-random.ts'

/** What a fault may know of a request, or of a connection, to decide whether it applies. */
export interface Occasion {
  /** Monotonic ms. */
  readonly now: number
  /** The number among bulk requests (or among connections); undefined for what is not a bulk request. */
  readonly bulkNumber: number | undefined
  /** The number among all requests (or connections). */
  readonly number: number
  /** Unpacked. */
  readonly bytes: number
  readonly wireBytes: number
}

/** A fault in the list, with what it remembers. */
export class ActiveFault<F extends Fault = Fault> implements FaultHandle {
  readonly id: number
  readonly fault: F
  readonly #addedAt: number
  readonly #random: Random
  readonly #onOff: () => void
  #applied = 0
  #itemsSeen = 0

  constructor(id: number, fault: F, addedAt: number, onOff: () => void) {
    this.id = id
    this.fault = fault
    this.#addedAt = addedAt
    this.#random = createSeededRandom(fault.when?.seed ?? 1)
    this.#onOff = onOff
  }

  get applied(): number {
    return this.#applied
  }

  off(): void {
    this.#onOff()
  }

  /** Does it apply now? A yes counts as one of its times. */
  strike(occasion: Occasion, node: string): boolean {
    const when = this.fault.when ?? {}
    const hit =
      this.#applied < (when.times ?? Number.POSITIVE_INFINITY) &&
      (when.node ?? node) === node &&
      occasion.bytes > (when.minBytes ?? -1) &&
      this.#isTime(when, occasion.now) &&
      isCounted(when, occasion) &&
      this.#fits(occasion) &&
      (when.probability === undefined || this.#random() < when.probability)
    if (hit) this.note()
    return hit
  }

  /** Counts it as applied. */
  note(): void {
    this.#applied++
  }

  /** Does a document meet the rule of an `items` fault? */
  meets(rule: ItemsFault, id: string, source: JsonObject | undefined): boolean {
    const position = ++this.#itemsSeen
    if (rule.id !== undefined && rule.id !== id) return false
    if (rule.match && !matches(rule.match, source)) return false
    if (rule.everyNth !== undefined && position % rule.everyNth !== 0) return false
    return rule.fraction === undefined || this.#random() < rule.fraction
  }

  #isTime(when: FaultWhen, now: number): boolean {
    const from = this.#addedAt + (when.afterMs ?? 0)
    return now >= from && now < from + (when.forMs ?? Number.POSITIVE_INFINITY)
  }

  #fits(occasion: Occasion): boolean {
    const { fault } = this
    if (fault.kind !== 'too-large') return true
    return (fault.count === 'wire' ? occasion.wireBytes : occasion.bytes) > fault.maxBytes
  }
}

function isCounted(when: FaultWhen, occasion: Occasion): boolean {
  const number = when.path === 'any' ? occasion.number : occasion.bulkNumber
  if (number === undefined) return false
  if (when.every !== undefined && number % when.every !== 0) return false
  if (!when.requests) return true
  const [from, to] = when.requests
  return number >= from && number <= (to ?? Number.POSITIVE_INFINITY)
}

function matches(
  wanted: NonNullable<ItemsFault['match']>,
  source: JsonObject | undefined,
): boolean {
  if (source === undefined) return false
  return Object.entries(wanted).every(([field, value]) => valuesAt(source, field).includes(value))
}
