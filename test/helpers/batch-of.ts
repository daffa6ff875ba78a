import type { Batch } from '../../src/core/batch.ts'
import { freshHistory } from '../../src/core/batch.ts'

/** A batch of `lines`, each one JSON object without a newline. Ids are `id-0`, `id-1`, … unless given. */
export function batchOf(
  lines: readonly string[],
  { index = 'logs-test', ids }: { index?: string; ids?: readonly string[] } = {},
): Batch {
  const idOf = (i: number): string => ids?.[i] ?? `id-${i}`
  const documents = lines.map((line, i) => {
    const action = `${JSON.stringify({ create: { _index: index, _id: idOf(i) } })}\n`
    return { bytes: Buffer.from(`${action}${line}\n`), lineAt: Buffer.byteLength(action) }
  })
  const at = (i: number): { bytes: Buffer; lineAt: number } => {
    const document = documents[i]
    if (document === undefined) throw new RangeError(`no document ${i} of ${documents.length}`)
    return document
  }
  return {
    index,
    body: Buffer.concat(documents.map(({ bytes }) => bytes)),
    count: documents.length,
    sequence: 0,
    history: freshHistory,
    id: (i) => {
      at(i)
      return idOf(i)
    },
    line: (i) => at(i).bytes.subarray(at(i).lineAt, -1),
    bytesOf: (i) => at(i).bytes.length,
  }
}

/** A batch of `count` small documents. */
export function smallBatch(count: number): Batch {
  return batchOf(
    Array.from({ length: count }, (_, i) => `{"@timestamp":"2026-01-01T00:00:00Z","n":${i}}`),
  )
}
