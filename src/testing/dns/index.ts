/**
 * The part of `pino-loudsink/testing` that is a name server: it loses packets, lies, and goes silent on demand.
 *
 * ```ts
 * const server = await createFaultyDns({ zones: { 'es.test': { A: ['127.0.0.1'], ttl: 5 } } })
 * const race = server.faults.add({ kind: 'race', whileUnanswered: true })
 * // … resolve `es.test` with the server `server.nameserver` …
 * race.applied // datagrams that were lost as in the conntrack race
 * await server.close()
 * ```
 */
export type { Rcode } from './answer-question.ts'
export type { FaultyDns, FaultyDnsOptions } from './create-faulty-dns.ts'
export { createFaultyDns } from './create-faulty-dns.ts'
export type {
  DelayFault,
  DnsFault,
  DnsFaultKind,
  DnsFaultWhen,
  DropFault,
  GarbageFault,
  LossFault,
  RaceFault,
  RcodeFault,
  SilenceFault,
  TruncateFault,
  TtlFault,
  WrongIdFault,
  WrongQuestionFault,
} from './dns-fault.ts'
export { dnsFaultKinds } from './dns-fault.ts'
export type { DnsFaultControl, DnsFaultHandle } from './dns-fault-control.ts'
export type { QueryOutcome, RecordedQuery } from './query-log.ts'
export type { SoaOptions } from './write-answer.ts'
export type { ZoneControl, ZoneRecords, ZoneState, Zones } from './zones.ts'
