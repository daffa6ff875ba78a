import type { Clock } from '../core/platform.ts'
import { askSystemInTime } from './ask-system-in-time.ts'
import { BoundedMap } from './bounded-map.ts'
import type { Resolve } from './resolution.ts'
import type { Getaddrinfo } from './system-gate.ts'
import { isSystemBusy } from './system-gate.ts'

const mostNames = 4096
/** A name that the system does not know either. */
const againAfterMs = 60_000

/**
 * `resolve`, and for a name that the servers do not know, or cannot tell of, the system's getaddrinfo: it may know the name
 * from mDNS, NIS or a plugin. Asked once a minute for a name that it does not know, and never while it is busy. Silent
 * servers are no reason: getaddrinfo would wait for the same ones, and hold up the lookups of the whole process.
 */
export function withLastResort(
  resolve: Resolve,
  parts: { readonly clock: Clock; readonly getaddrinfo: Getaddrinfo },
): Resolve {
  const unknownUntilMs = new BoundedMap<string, number>(mostNames)
  return async (name, kind, trace, late) => {
    const own = await resolve(name, kind, trace, late)
    if (own.kind === 'found' || own.code === 'ETIMEOUT') return own
    const key = `${kind} ${name}`
    const nowMs = parts.clock.now()
    if ((unknownUntilMs.get(key) ?? -Infinity) > nowMs || isSystemBusy()) return own
    const system = await askSystemInTime(name, kind, parts, late)
    if (system.kind === 'found') return system
    unknownUntilMs.set(key, nowMs + againAfterMs)
    return own
  }
}
