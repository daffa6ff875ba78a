/** Why a line was given up. A closed set: it is API. */
export const dropReasons = [
  'memory_full',
  'spool_full',
  'line_too_long',
  'dead_letter_full',
  'spool_corrupt',
  'shutdown_deadline',
  'closed',
] as const

export type DropReason = (typeof dropReasons)[number]

/** What became of a line for good. A drop is named by its reason. */
export type Fate = 'stored' | 'duplicate' | 'deadLettered' | DropReason

/**
 * The counts of every line's fate. It always balances:
 * `accepted + recovered = pending + spooled + stored + duplicates + deadLettered + Σ dropped + handedOver`.
 */
export interface Ledger {
  /** Complete, non-empty lines that were framed. */
  readonly accepted: number
  /** Lines found on disk at the start. */
  readonly recovered: number
  /** In memory, without a fate and without a record on disk; in flight or not. */
  readonly pending: number
  /** Without a fate, with a record on disk. */
  readonly spooled: number
  readonly stored: number
  /** Already there when sent: an earlier send of the same line had been stored. */
  readonly duplicates: number
  /** Refused for good. */
  readonly deadLettered: number
  /** Left on disk at close, for the next start. */
  readonly handedOver: number
  readonly dropped: Readonly<Record<DropReason, number>>
  /** From here on: parts of the numbers above, not addends. */
  readonly failureStored: number
  readonly repaired: number
  readonly maybeCopied: number
  readonly conflictUnexpected: number
  /** Of the dropped: those that the server may have stored all the same. */
  readonly droppedAmbiguous: number
  readonly deadLettersKept: number
}

/** Counts beside the fates, each a part of one of them. */
export type LedgerNote =
  | 'repaired'
  | 'maybeCopied'
  | 'conflictUnexpected'
  | 'droppedAmbiguous'
  | 'deadLettersKept'
  | 'failureStored'

/** Lines that have no fate yet, counted where they are, never by the books. */
export interface WithoutFate {
  readonly pending: number
  readonly spooled: number
}

const noDrops = (): Record<DropReason, number> => ({
  memory_full: 0,
  spool_full: 0,
  line_too_long: 0,
  dead_letter_full: 0,
  spool_corrupt: 0,
  shutdown_deadline: 0,
  closed: 0,
})

/** The books of one transport. Fates are booked here and nowhere else, once a line. */
export class LedgerBook {
  #accepted = 0
  #stored = 0
  #duplicates = 0
  #deadLettered = 0
  readonly #dropped = noDrops()
  readonly #notes: Record<LedgerNote, number> = {
    repaired: 0,
    maybeCopied: 0,
    conflictUnexpected: 0,
    droppedAmbiguous: 0,
    deadLettersKept: 0,
    failureStored: 0,
  }

  accept(): void {
    this.#accepted++
  }

  /** Books the fate of the line with this `_id`; a line that was dropped before it got one has none. */
  book(fate: Fate, _id: string | undefined): void {
    switch (fate) {
      case 'stored':
        this.#stored++
        break
      case 'duplicate':
        this.#duplicates++
        break
      case 'deadLettered':
        this.#deadLettered++
        break
      case 'memory_full':
      case 'spool_full':
      case 'line_too_long':
      case 'dead_letter_full':
      case 'spool_corrupt':
      case 'shutdown_deadline':
      case 'closed':
        this.#dropped[fate]++
    }
  }

  note(what: LedgerNote, lines = 1): void {
    this.#notes[what] += lines
  }

  /** The books as they stand. */
  read(withoutFate: WithoutFate): Ledger {
    return {
      accepted: this.#accepted,
      recovered: 0,
      pending: withoutFate.pending,
      spooled: withoutFate.spooled,
      stored: this.#stored,
      duplicates: this.#duplicates,
      deadLettered: this.#deadLettered,
      handedOver: 0,
      dropped: { ...this.#dropped },
      ...this.#notes,
    }
  }
}

/** The lines that were dropped, whatever the reason. */
export function droppedTotal(ledger: Ledger): number {
  return dropReasons.reduce((sum, reason) => sum + ledger.dropped[reason], 0)
}

/** How far the books are out: 0 when they balance. */
export function imbalance(ledger: Ledger): number {
  const fates =
    ledger.stored +
    ledger.duplicates +
    ledger.deadLettered +
    droppedTotal(ledger) +
    ledger.handedOver
  return ledger.accepted + ledger.recovered - (ledger.pending + ledger.spooled + fates)
}
