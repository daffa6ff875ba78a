import type { DnsEventCode } from './dns-event.ts'

/** How bad it is. */
export type Stage = 'slow' | 'stale' | 'failed'

/** An open trouble with a name. */
export interface Incident {
  readonly stage: Stage
  readonly sinceMs: number
}

/**
 * What has just been seen of a name: a good answer, in time or slowly; a failure while its addresses are still fresh (`slow`); addresses given out
 * after their time while the servers do not answer; no address to give.
 */
export type Sign = 'works' | 'works slowly' | Stage

/** What a sign makes of an incident. */
export interface Step {
  readonly incident: Incident | undefined
  /** What is to be told; undefined for what is known already. */
  readonly code: DnsEventCode | undefined
}

const rank: Readonly<Record<Stage, number>> = { slow: 1, stale: 2, failed: 3 }

/**
 * Each stage is told once, and the first good answer closes the incident. A slow one closes what was worse than slow: the name works again.
 * `startedMs` is when a new incident began.
 */
export function nextStep(incident: Incident | undefined, sign: Sign, startedMs: number): Step {
  const closed: Step = {
    incident: undefined,
    code: incident === undefined ? undefined : 'dns.recovered',
  }
  if (sign === 'works') return closed
  if (sign === 'works slowly' && incident !== undefined && incident.stage !== 'slow') return closed
  const stage = sign === 'works slowly' ? 'slow' : sign
  if (incident !== undefined && rank[stage] <= rank[incident.stage]) {
    return { incident, code: undefined }
  }
  return {
    incident: { stage, sinceMs: incident?.sinceMs ?? startedMs },
    code: `dns.${stage}`,
  }
}
