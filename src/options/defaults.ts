import type { GivenOptions } from './option-table.ts'
import type { ResolvedOptions } from './resolved-options.ts'
import type { TlsOptions } from './tls-options.ts'

/** Everything but where to send and who says so. */
export type Settings = Omit<ResolvedOptions, 'nodes' | 'auth' | 'ignored'>

/** Below nginx's default limit of 1 MiB for a body. */
const defaultFlushBytes = 1_000_000

function tlsOf({ tls, rejectUnauthorized, caFingerprint }: GivenOptions): TlsOptions {
  // a private authority is in nobody's list: with a fingerprint the check is ours
  const ofFingerprint = caFingerprint === undefined ? undefined : false
  const said = rejectUnauthorized ?? tls?.rejectUnauthorized ?? ofFingerprint
  return said === undefined ? { ...tls } : { ...tls, rejectUnauthorized: said }
}

function timeoutsOf({ timeouts }: GivenOptions): Settings['timeouts'] {
  const { connectMs = 5_000, responseMs = 30_000, idleMs = 15_000 } = timeouts ?? {}
  return {
    connectMs,
    dnsMs: Math.min(3_000, connectMs),
    responseMs,
    idleMs,
    totalMs: Math.max(60_000, 2 * responseMs),
    probeMs: Math.min(10_000, responseMs),
  }
}

/** A default gives way to what is given beside it. */
function retryOf({ retry }: GivenOptions): Settings['retry'] {
  const minDelayMs = retry?.minDelayMs ?? Math.min(500, retry?.maxDelayMs ?? 500)
  return { minDelayMs, maxDelayMs: retry?.maxDelayMs ?? Math.max(15_000, minDelayMs) }
}

function selfLogOf({ selfLog }: GivenOptions): Settings['selfLog'] {
  const {
    stderr = true,
    file,
    maxBytes = 10_485_760,
    minSeverity = 'warn',
    repeatMs = 10_000,
  } = selfLog ?? {}
  return { stderr, ...(file !== undefined && { file }), maxBytes, minSeverity, repeatMs }
}

/** The options with every default filled in. `fromEnvironment` is the index that the environment names. */
export function withDefaults(given: GivenOptions, fromEnvironment = 'logs-pino-default'): Settings {
  const { caFingerprint, pipeline } = given
  const { maxBytes = 67_108_864, whenFull = 'drop_oldest' } = given.memory ?? {}
  const { timeoutMs = 5_000 } = given.shutdown ?? {}
  const {
    index = fromEnvironment,
    flushBytes = Math.min(defaultFlushBytes, Math.floor(maxBytes / 2)),
    flushItems = 5_000,
    flushInterval: flushIntervalMs = 1_000,
    format = 'pino',
    fields = {},
    timestampKey = 'time',
    levelKey = 'level',
    headers = {},
    concurrency = 4,
    compression = 'none',
  } = given
  return {
    tls: tlsOf(given),
    ...(caFingerprint !== undefined && { caFingerprint }),
    index,
    flushBytes,
    flushItems,
    flushIntervalMs,
    format,
    fields,
    timestampKey,
    ...(given.messageKey !== undefined && { messageKey: given.messageKey }),
    levelKey,
    ...(given.levels !== undefined && { levels: given.levels }),
    ...(given.dns !== undefined && { dns: given.dns }),
    headers,
    ...(pipeline !== undefined && { pipeline }),
    concurrency,
    compression,
    timeouts: timeoutsOf(given),
    retry: retryOf(given),
    memory: { maxBytes, whenFull },
    selfLog: selfLogOf(given),
    shutdown: { timeoutMs },
  }
}
