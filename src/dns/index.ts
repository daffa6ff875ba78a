export { createLookup } from './create-lookup.ts'
export type { ResolverLookupParts } from './create-resolver-lookup.ts'
export { createResolverLookup } from './create-resolver-lookup.ts'
export type { SystemLookupOptions } from './create-system-lookup.ts'
export { createSystemLookup } from './create-system-lookup.ts'
export type {
  DnsEvent,
  DnsEventCode,
  DnsStats,
  QuestionOutcome,
  QuestionReport,
} from './dns-event.ts'
export type { DnsOptions } from './dns-options.ts'
export type { Lookup } from './lookup.ts'
export { DnsLookupError } from './lookup.ts'
