import type { History } from '../core/batch.ts'
import type { Lane } from './lane.ts'
import type { SlabBatch } from './slab-batch.ts'
import { copyDocuments } from './slab-batch.ts'

/**
 * Joins `batch` (already taken out of the lane) with others that go again now and have the same past: so that
 * the few documents which each of many batches left behind do not make a request each. What is on trial stays
 * alone: joined with its other half, the search for the one bad line would never end. What was accepted before
 * `barrier` stays apart from what came later: whoever waits there must not wait for newer lines.
 */
export function mergeDue(
  lane: Lane,
  batch: SlabBatch,
  now: number,
  limits: { readonly flushBytes: number; readonly flushItems: number },
  barrier: number,
): SlabBatch {
  if (batch.history.tries === 0 || batch.history.trial) return batch
  let bytes = batch.bytes
  let count = batch.count
  const company = lane.later.filter((other) => {
    if (other.readyAt > now || !samePast(other.history, batch.history)) return false
    if (other.sequence <= barrier !== batch.sequence <= barrier) return false
    if (bytes + other.bytes > limits.flushBytes || count + other.count > limits.flushItems) {
      return false
    }
    bytes += other.bytes
    count += other.count
    return true
  })
  if (company.length === 0) return batch
  for (const other of company) lane.take(other)
  const all = [batch, ...company]
  const documents = all.flatMap((one) =>
    Array.from({ length: one.count }, (_, i) => one.document(i)),
  )
  const sequence = Math.min(...all.map((one) => one.sequence))
  const { index, layout } = batch
  return copyDocuments(documents, { index, layout, sequence }, batch.history, batch.readyAt)
}

function samePast(a: History, b: History): boolean {
  return (
    a.tries === b.tries &&
    a.sent === b.sent &&
    a.ambiguous === b.ambiguous &&
    a.repaired === b.repaired &&
    a.trial === b.trial &&
    a.trialMark === b.trialMark
  )
}
