import type { SlabBatch } from './slab-batch.ts'

/**
 * The batch to try a server in doubt with: the smallest. Documents under suspicion, and the batch that begins
 * with the document of the id `butNot`, are the last choice.
 */
export function bestProbe(
  batches: readonly SlabBatch[],
  butNot: string | undefined,
): SlabBatch | undefined {
  const others = batches.filter((batch) => butNot === undefined || batch.id(0) !== butNot)
  const unsuspected = others.filter((batch) => batch.history.trialMark === undefined)
  return leastBytes(unsuspected) ?? leastBytes(others) ?? leastBytes(batches)
}

/** The first of the smallest. */
export function leastBytes(batches: readonly SlabBatch[]): SlabBatch | undefined {
  let least: SlabBatch | undefined
  for (const batch of batches) if (least === undefined || batch.bytes < least.bytes) least = batch
  return least
}
