import type { Batch, History } from '../core/batch.ts'
import type { Failure } from '../core/failure.ts'
import type { Again } from '../core/queue-face.ts'
import type { Decision, Memory, Verdict } from './verdict.ts'

/** A refused document, mended, or undefined when there is nothing to mend. */
export type Repair = (
  line: Buffer,
) => { readonly line: Buffer; readonly repairs: readonly string[] } | undefined

/** Documents of one batch with one reason. */
export interface Refusal {
  readonly because: Failure
  readonly documents: readonly number[]
}

/** What the verdicts of one exchange amount to. */
export interface Sorted {
  readonly stored: readonly number[]
  readonly failureStored: number
  readonly duplicates: readonly number[]
  /** By failure code. */
  readonly refusals: ReadonlyMap<string, Refusal>
  readonly mended: readonly { readonly document: number; readonly repairs: readonly string[] }[]
  readonly again: readonly Again[]
  /** Which go again, and why the first of them does. */
  readonly retried: readonly number[]
  readonly retryBecause: Failure | undefined
  readonly held: Refusal | undefined
  /** A document that was refused while alone, for the first time. */
  readonly refusedAlone: boolean
}

export interface Delays {
  /** When documents that go again may do so, monotonic ms. */
  readonly readyAt: number
  readonly now: number
}

/** Sorts a decision into what has a fate and what goes again, and how. */
export function sortVerdicts(
  batch: Batch,
  decision: Decision,
  memory: Memory,
  delays: Delays,
  repair: Repair,
): Sorted {
  const groups = groupVerdicts(decision.verdicts)
  const past = pastOf(batch, decision, delays.now)
  const refusals = new Map<string, OpenRefusal>()
  const mended: { document: number; repairs: readonly string[] }[] = []
  const again: Again[] = []
  for (const [i, because] of groups.refused) refuse(refusals, i, because)
  for (const [i, because] of groups.malformed) {
    const better = repair(batch.line(i))
    if (better === undefined) {
      refuse(refusals, i, because)
      continue
    }
    mended.push({ document: i, repairs: better.repairs })
    const history = { ...past, repaired: true }
    again.push({ documents: [i], line: better.line, history, readyAt: delays.now })
  }
  again.push(...waiting(batch, groups.again, past, delays.readyAt))
  again.push(...waiting(batch, groups.held, past, delays.now))
  again.push(...trialParts(batch, groups.trial, past, memory, delays))
  return {
    stored: groups.stored,
    failureStored: groups.failureStored,
    duplicates: groups.duplicates,
    refusals,
    mended,
    again,
    retried: [...groups.again, ...groups.trial],
    retryBecause: groups.retryBecause,
    held: groups.heldBecause && { documents: groups.held, because: groups.heldBecause },
    refusedAlone:
      batch.count === 1 && groups.trial.length === 1 && batch.history.trialMark === undefined,
  }
}

interface Groups {
  readonly stored: number[]
  readonly duplicates: number[]
  readonly again: number[]
  readonly trial: number[]
  readonly held: number[]
  readonly refused: [number, Failure][]
  readonly malformed: [number, Failure][]
  failureStored: number
  retryBecause: Failure | undefined
  heldBecause: Failure | undefined
}

function groupVerdicts(verdicts: readonly Verdict[]): Groups {
  const groups: Groups = {
    stored: [],
    duplicates: [],
    again: [],
    trial: [],
    held: [],
    refused: [],
    malformed: [],
    failureStored: 0,
    retryBecause: undefined,
    heldBecause: undefined,
  }
  for (const [i, verdict] of verdicts.entries()) {
    switch (verdict.to) {
      case 'settled':
        groups[verdict.fate === 'stored' ? 'stored' : 'duplicates'].push(i)
        if (verdict.failureStored) groups.failureStored++
        break
      case 'again':
      case 'trial':
        groups[verdict.to].push(i)
        groups.retryBecause ??= verdict.because
        break
      case 'hold':
        groups.held.push(i)
        groups.heldBecause ??= verdict.because
        break
      case 'deadLetter':
        groups.refused.push([i, verdict.because])
        break
      case 'repair':
        groups.malformed.push([i, verdict.because])
    }
  }
  return groups
}

interface OpenRefusal extends Refusal {
  readonly documents: number[]
}

function refuse(refusals: Map<string, OpenRefusal>, document: number, because: Failure): void {
  const refusal = refusals.get(because.code) ?? { because, documents: [] }
  refusal.documents.push(document)
  refusals.set(because.code, refusal)
}

function pastOf(batch: Batch, decision: Decision, now: number): History {
  const { history } = batch
  return {
    ...history,
    tries: history.tries + 1,
    sent: history.sent || decision.ambiguous || decision.failure === undefined,
    ambiguous: history.ambiguous || decision.ambiguous,
    trial: history.trial && decision.failure !== undefined,
    failedAt: history.failedAt ?? now,
  }
}

function waiting(
  batch: Batch,
  documents: readonly number[],
  history: History,
  readyAt: number,
): readonly Again[] {
  if (documents.length === 0) return []
  return [{ documents: documents.length === batch.count ? 'all' : documents, history, readyAt }]
}

/** Two halves at once; a document that travelled alone waits, marked, until others have passed. */
function trialParts(
  batch: Batch,
  documents: readonly number[],
  history: History,
  memory: Memory,
  { now, readyAt }: Delays,
): readonly Again[] {
  if (batch.count === 1) {
    const trialMark = batch.history.trialMark ?? memory.passed
    return waiting(batch, documents, { ...history, trial: true, trialMark }, readyAt)
  }
  const middle = documents.length >>> 1
  const past = { ...history, trial: true }
  return [documents.slice(0, middle), documents.slice(middle)].flatMap((half) =>
    waiting(batch, half, past, now),
  )
}
