export type { Json } from '../core/json.ts'
export type { Environment } from './environment.ts'
export type { Where } from './judge-together.ts'
export type {
  AlertOptions,
  DeadLetterOptions,
  SpoolOptions,
} from './later-options.ts'
export type { OptionFault } from './option-fault.ts'
export { describeFaults, OptionsError } from './option-fault.ts'
export { redactOptions } from './redact-options.ts'
export type { Resolution } from './resolve-options.ts'
export { resolveOptions } from './resolve-options.ts'
export type { Auth, ResolvedOptions } from './resolved-options.ts'
export type {
  AuthOptions,
  MemoryOptions,
  RetryOptions,
  SelfLogOptions,
  ShipperOptions,
  ShutdownOptions,
  TimeoutOptions,
  WhenFull,
} from './shipper-options.ts'
export type { TlsMaterial, TlsOptions, TlsVersion } from './tls-options.ts'
