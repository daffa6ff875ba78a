import type { Clock } from '../core/platform.ts'
import type { AddressKind, Resolution } from './resolution.ts'
import type { Getaddrinfo } from './system-gate.ts'
import { askSystem } from './system-gate.ts'
import { withDeadline } from './with-deadline.ts'

/** As long as a connection waits for its name (design: connect 5 s, of which dns 3 s). */
const deadlineMs = 3_000
/** So that the reason is known before whoever waits as long gives up by himself. */
const earlierMs = 100

/** The system's answer, or a timeout after 3 s; what comes after that goes to `late`. Never rejects. */
export async function askSystemInTime(
  name: string,
  kind: AddressKind,
  parts: { readonly clock: Clock; readonly getaddrinfo: Getaddrinfo },
  late: (resolution: Resolution) => void,
): Promise<Resolution> {
  const call = askSystem(name, kind === 'ipv6' ? 6 : 0, parts.getaddrinfo)
  const inTime = await withDeadline(call.answer, deadlineMs - earlierMs, parts.clock)
  call.leave()
  if (inTime !== undefined) return inTime
  call.answer.then(
    (resolution) => {
      if (resolution.kind === 'found') late(resolution)
    },
    () => undefined,
  )
  const message = `getaddrinfo ETIMEOUT ${name}: no answer from the system's resolver`
  return { kind: 'failed', code: 'ETIMEOUT', message, syscall: 'getaddrinfo' }
}
