import type { PhaseTimings } from '../core/exchange.ts'
import type { Ledger } from '../core/ledger.ts'
import type { SelfLogEvent } from '../core/self-log-event.ts'
import type { Words } from './describe.ts'
import type { Draft } from './repeats.ts'

/** An event as it leaves: what a reader looks for first stands first, and times have one decimal. */
export function stamp(
  { code, severity, kind, fate, items, bytes, detail, phases, ...facts }: Draft,
  { message, hint }: Words,
  time: string,
  totals: Ledger,
): SelfLogEvent {
  return {
    v: 1,
    time,
    severity,
    code,
    kind,
    message,
    ...(hint !== undefined && { hint }),
    fate,
    items,
    bytes,
    ...(phases !== undefined && { phases: rounded(phases) }),
    ...facts,
    totals,
  }
}

function rounded(phases: PhaseTimings): PhaseTimings {
  const tenths = (ms: number) => Math.round(ms * 10) / 10
  return {
    dnsMs: tenths(phases.dnsMs),
    connectMs: tenths(phases.connectMs),
    tlsMs: tenths(phases.tlsMs),
    writeMs: tenths(phases.writeMs),
    waitMs: tenths(phases.waitMs),
    readMs: tenths(phases.readMs),
  }
}
