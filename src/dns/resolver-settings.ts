import type { ServerPool } from './server-pool.ts'

/** What holds at the moment: it may change with resolv.conf. */
export interface ResolverSettings {
  readonly pool: ServerPool
  /** Somebody named the servers; else the pool is what libc falls back to. */
  readonly serversNamed: boolean
  readonly search: readonly string[]
  readonly ndots: number
  readonly tcp: boolean
  readonly ipv6: 'fallback' | 'always' | 'never'
  readonly triesMs: readonly number[]
  /** No question waits longer. */
  readonly patienceMs: number
}
