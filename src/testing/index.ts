/**
 * `pino-loudsink/testing`: an Elasticsearch that fails on demand, to prove in your own tests that no line is lost.
 *
 * ```ts
 * const server = await createFaultyElasticsearch()
 * const outage = server.faults.add({ kind: 'status', status: 503 })
 * // … log, with the transport's option `node: server.url` …
 * outage.off()
 * await server.waitForDocuments(100)
 * server.oracle({ expected: 100 }) // { expected: 100, stored: 100, lost: [], copies: [], unknown: 0 }
 * await server.close()
 * ```
 */
export type { Auth } from './credentials.ts'
export * from './dns/index.ts'
export type { StoredDocument } from './document-store.ts'
export type {
  BlackHoleFault,
  Empty200Fault,
  Fault,
  FaultKind,
  FaultWhen,
  HangBodyFault,
  HangFault,
  HtmlFault,
  ItemsFault,
  LongItemsFault,
  ResetMidUploadFault,
  ResetOnAcceptFault,
  ResetOnReuseFault,
  ShortItemsFault,
  SlowFault,
  StatusFault,
  StoreThenResetFault,
  TooLargeFault,
  TruncatedFault,
} from './fault.ts'
export { faultKinds } from './fault.ts'
export type { FaultControl, FaultHandle } from './fault-control.ts'
export type { FaultyElasticsearch, WaitOptions } from './faulty-elasticsearch.ts'
export { createFaultyElasticsearch } from './faulty-elasticsearch.ts'
export type { FieldType, Mappings } from './field-mapping.ts'
export type { TlsFiles } from './http-server.ts'
export type { Json, JsonObject } from './json.ts'
export type { FaultyElasticsearchOptions } from './options.ts'
export type { OracleOptions, OracleReport, OracleValue } from './oracle.ts'
export type { RecordedRequest } from './request-log.ts'
