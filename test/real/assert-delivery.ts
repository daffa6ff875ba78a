import assert from 'node:assert/strict'
import { droppedTotal, imbalance } from '../../src/core/ledger.ts'
import type { ProducerPlan, ProducerResult } from './run-producer.ts'
import type { ServerClient, StoredDocument } from './server-client.ts'

/** `time` of line 0, epoch ms. */
export const firstTime = Date.parse('2026-01-02T03:04:05.678Z')
const levels = [30, 40, 50]
const fields = ['seq', 'level', 'msg', '@timestamp', 'a', 'n']

/** A run of `lines` lines into `index`, at full speed. */
export function planFor(server: ServerClient, index: string, lines: number): ProducerPlan {
  const { url: node, credentials: auth } = server
  return {
    options: { node, index, ...(auth === undefined ? {} : { auth }) },
    lines,
    firstTime,
    pauseEvery: 1_000,
    pauseMs: 0,
    flushTimeoutMs: 20_000,
  }
}

/** The producer flushed in time, and its books say that `lines` were delivered and none is missing. */
export function assertDelivered(result: ProducerResult, lines: number): void {
  const { ok, remaining, ledger } = result.flushed
  assert.deepEqual({ ok, remaining }, { ok: true, remaining: 0 }, result.stderr)
  assert.equal(ledger.accepted, lines)
  assert.equal(ledger.stored + ledger.duplicates + ledger.deadLettered, lines)
  assert.equal(droppedTotal(ledger), 0)
  assert.equal(imbalance(ledger), 0)
  assert.equal(result.exitCode, 0, result.stderr)
}

/** The server holds each of these lines once, with the time, level and text that it was logged with. */
export async function assertStored(
  server: ServerClient,
  index: string,
  seqs: readonly number[],
): Promise<StoredDocument[]> {
  await server.refresh(index)
  assert.equal(await server.count(index), seqs.length)
  const documents = await server.allDocuments(index, { fields })
  const bySeq = new Map(documents.map((document) => [Number(document.source['seq']), document]))
  assert.equal(documents.length, seqs.length)
  assert.deepEqual(
    [...bySeq.keys()].sort((a, b) => a - b),
    seqs,
  )
  for (const [seq, { timestampMs, source }] of bySeq) {
    const { level, msg } = source
    assert.deepEqual(
      { timestampMs, level, msg },
      { timestampMs: firstTime + seq, level: levelOf(seq, source), msg: `line ${seq}` },
    )
  }
  return documents
}

/** As the producer chooses it; lines with a key twice are all `info`. */
function levelOf(seq: number, source: Readonly<Record<string, unknown>>): number | undefined {
  return 'a' in source ? 30 : levels[seq % 3]
}

/** 0, 1, 2 … up to `lines` of them. */
export function upTo(lines: number): number[] {
  return Array.from({ length: lines }, (_, seq) => seq)
}
