import { addLedgers } from '../core/add-ledgers.ts'
import type { CloseReport, FlushResult, Stats } from '../core/shipper-face.ts'

/** `undefined` stands for a worker that did not answer in time. */
type Answers<Result> = readonly (Result | undefined)[]

const answered = <Result>(answers: Answers<Result>): readonly Result[] =>
  answers.filter((answer) => answer !== undefined)

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)

/** Several transports behind one logger, seen as one. */
export function combineFlushes(answers: Answers<FlushResult>): FlushResult {
  const results = answered(answers)
  return {
    ok: results.length === answers.length && results.every((result) => result.ok),
    remaining: sum(results.map((result) => result.remaining)),
    ledger: addLedgers(results.map((result) => result.ledger)),
  }
}

export function combineReports(answers: Answers<CloseReport>): CloseReport {
  const reports = answered(answers)
  return {
    ...combineFlushes(answers),
    dropped: sum(reports.map((report) => report.dropped)),
    handedOver: sum(reports.map((report) => report.handedOver)),
    durationMs: Math.max(0, ...reports.map((report) => report.durationMs)),
  }
}

const breakerOrder = ['closed', 'half_open', 'open'] as const

export function combineStats(all: readonly Stats[]): Stats {
  const worst = Math.max(0, ...all.map(({ breaker }) => breakerOrder.indexOf(breaker)))
  return {
    ledger: addLedgers(all.map(({ ledger }) => ledger)),
    memory: {
      bytes: sum(all.map(({ memory }) => memory.bytes)),
      maxBytes: sum(all.map(({ memory }) => memory.maxBytes)),
    },
    requests: {
      inFlight: sum(all.map(({ requests }) => requests.inFlight)),
      limit: sum(all.map(({ requests }) => requests.limit)),
    },
    breaker: breakerOrder[worst] ?? 'closed',
    incidents: all.flatMap(({ incidents }) => incidents),
  }
}
