import type { Clock } from '../core/platform.ts'
import type { Address } from './address.ts'
import type { DnsEvent, DnsEventCode } from './dns-event.ts'
import type { EventOutlet } from './event-outlet.ts'
import type { Sign } from './incident.ts'
import { nextStep } from './incident.ts'
import { looksLikeLostPacket } from './lost-packet.ts'
import type { Entry } from './name-entry.ts'
import type { CacheLimits } from './name-state.ts'
import { usableAddresses } from './name-state.ts'
import { roundMs } from './question.ts'
import type { Trace } from './resolution.ts'

/** Turns what is seen of a name into events. */
export class EventTeller {
  readonly #clock: Clock
  readonly #limits: CacheLimits
  readonly #outlet: EventOutlet

  constructor(clock: Clock, limits: CacheLimits, outlet: EventOutlet) {
    this.#clock = clock
    this.#limits = limits
    this.#outlet = outlet
  }

  /** Moves the name's incident on, and tells what is new. `startedMs` is when the resolution began. */
  see(entry: Entry, sign: Sign, trace: Trace | undefined, startedMs: number): void {
    const before = entry.incident
    const { incident, code } = nextStep(before, sign, startedMs)
    entry.incident = incident
    if (code === undefined) return
    const sinceMs = code === 'dns.recovered' ? (before?.sinceMs ?? startedMs) : startedMs
    this.#tell(entry, code, trace, sinceMs)
  }

  /** The name has other addresses than before. */
  changed(entry: Entry, trace: Trace, startedMs: number, previous: readonly Address[]): void {
    this.#tell(entry, 'dns.changed', trace, startedMs, previous)
  }

  #tell(
    entry: Entry,
    code: DnsEventCode,
    trace: Trace | undefined,
    sinceMs: number,
    previous?: readonly Address[],
  ): void {
    const nowMs = this.#clock.now()
    const addresses = usableAddresses(entry.state, nowMs, this.#limits)
    const { trouble } = entry.state
    const facts = {
      code,
      name: entry.name,
      durationMs: roundMs(nowMs - sinceMs),
      ...(addresses && { addresses: textsOf(addresses) }),
      ...(previous && { previous: textsOf(previous) }),
      ...(trouble && { error: { code: trouble.code, message: trouble.message } }),
    }
    const event = (): DnsEvent => {
      const questions = trace?.reports() ?? []
      const lostPacketSignature = trace?.suspected === true || looksLikeLostPacket(questions)
      return { ...facts, questions, lostPacketSignature }
    }
    this.#outlet.tell(event, trace?.evidence)
  }
}

function textsOf(addresses: readonly Address[]): readonly string[] {
  return addresses.map(({ address }) => address)
}
