import type { Clock } from '../core/platform.ts'
import { askSystemInTime } from './ask-system-in-time.ts'
import type { QuestionReport } from './dns-event.ts'
import type { OwnCheck } from './own-check.ts'
import type { Resolve } from './resolution.ts'
import type { Getaddrinfo } from './system-gate.ts'

/** The own check begins while a slow lookup goes on, so that its result is there when that fails. */
const slowMs = 250
/** glibc waits 5 s for the second answer, musl 2.5 s, with `timeout:1` half a second: shorter is no lost packet. */
const lostPacketMs = 450
const replies: ReadonlySet<string> = new Set(['answered', 'nodata', 'nxdomain'])

/** Resolves with the system's getaddrinfo; what is slow or fails is looked into. */
export function resolveBySystem(
  parts: { readonly clock: Clock; readonly getaddrinfo: Getaddrinfo },
  check: OwnCheck,
): Resolve {
  const { clock } = parts
  return async (name, kind, trace, late) => {
    const startedMs = clock.now()
    let checking: Promise<void> | undefined
    const look = (): void => {
      if (checking !== undefined) return
      checking = check.run(name, trace)
      trace.await(checking)
    }
    const timer = clock.setTimeout(look, slowMs)
    const resolution = await askSystemInTime(name, kind, parts, late)
    clock.clearTimeout(timer)
    const tookMs = clock.now() - startedMs
    if (resolution.kind !== 'found' || tookMs > slowMs) look()
    if (checking === undefined) return resolution
    const judge = (): void => {
      if (tookMs > lostPacketMs && allAnswered(trace.reports())) trace.suspectLostPacket()
    }
    trace.await(checking.then(judge, judge))
    return resolution
  }
}

/** One by one all is well, in parallel it was not. */
function allAnswered(reports: readonly QuestionReport[]): boolean {
  return (
    reports.length > 0 && reports.every(({ outcome, ms }) => replies.has(outcome) && ms < slowMs)
  )
}
