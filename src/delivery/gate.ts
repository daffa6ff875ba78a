import type { Health } from './verdict.ts'

/** Whether a batch may go: freely, as the one probe, or not before a moment (monotonic ms; infinite: when the probe is answered). */
export type Permission =
  | { readonly kind: 'go' }
  | { readonly kind: 'probe' }
  | { readonly kind: 'wait'; readonly untilMs: number }

export type GateState = 'open' | 'half_open' | 'closed'

/** Why batches are kept back, if they are. */
export type GateMode = 'normal' | 'broken' | 'access' | 'target'

const failuresToOpen = 5
const firstProbeMs = 1_000
const slowestProbeMs = 10_000
const holdProbeMs = 10_000

/**
 * One clock for everything that keeps batches back from the server: the circuit breaker, a hold for a fault
 * that a person must mend, and `Retry-After`.
 *
 * ```
 *  closed ──5 ill in a row──→ open ──probe──→ half open ──well──→ closed
 *     │                        ↑────── ill ──────┘
 *     └──access, target──→ held ──probe each 10 s──→ well ──→ closed
 * ```
 */
export class Gate {
  #illInARow = 0
  #mode: GateMode = 'normal'
  #probeAt = 0
  #probeDelayMs = firstProbeMs
  #probing = false
  #pausedUntil = Number.NEGATIVE_INFINITY

  get mode(): GateMode {
    return this.#mode
  }

  /** In a breaker's words: closed lets everything pass. */
  get state(): GateState {
    if (this.#mode === 'normal') return 'closed'
    return this.#probing ? 'half_open' : 'open'
  }

  permit(now: number): Permission {
    if (this.#pausedUntil > now) return { kind: 'wait', untilMs: this.#pausedUntil }
    if (this.#mode === 'normal') return { kind: 'go' }
    if (this.#probing) return { kind: 'wait', untilMs: Number.POSITIVE_INFINITY }
    if (this.#probeAt > now) return { kind: 'wait', untilMs: this.#probeAt }
    return { kind: 'probe' }
  }

  /** When the next batch may go, in ms from now; for the message. */
  nextTryMs(now: number): number | undefined {
    const permission = this.permit(now)
    if (permission.kind !== 'wait') return 0
    return Number.isFinite(permission.untilMs) ? permission.untilMs - now : undefined
  }

  probeStarted(): void {
    this.#probing = true
  }

  /** The server named a time before which it wants no more. */
  pause(now: number, forMs: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, now + forMs)
  }

  /** The end is near: the next probe goes at once. */
  hurry(now: number): void {
    this.#probeAt = Math.min(this.#probeAt, now)
    this.#probeDelayMs = firstProbeMs
    this.#pausedUntil = Number.NEGATIVE_INFINITY
  }

  /** Takes note of an answer, or of none. */
  note(health: Health, now: number, wasProbe: boolean): void {
    if (wasProbe) this.#probing = false
    switch (health) {
      case 'well':
        this.#illInARow = 0
        this.#probeDelayMs = firstProbeMs
        this.#mode = 'normal'
        break
      case 'ill':
        this.#ill(now, wasProbe)
        break
      case 'access':
      case 'target':
        this.#illInARow = 0
        this.#mode = health
        this.#probeAt = now + holdProbeMs
    }
  }

  #ill(now: number, wasProbe: boolean): void {
    this.#illInARow++
    if (this.#mode === 'normal' && this.#illInARow >= failuresToOpen) {
      this.#mode = 'broken'
      this.#probeAt = now + this.#probeDelayMs
    } else if (wasProbe && this.#mode !== 'normal') {
      this.#probeDelayMs = Math.min(slowestProbeMs, this.#probeDelayMs * 2)
      this.#probeAt = now + (this.#mode === 'broken' ? this.#probeDelayMs : holdProbeMs)
    }
  }
}
