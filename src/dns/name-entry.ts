import type { Timer } from '../core/platform.ts'
import type { Incident } from './incident.ts'
import type { NameState } from './name-state.ts'
import type { AddressKind, Trace } from './resolution.ts'

/** A resolution under way. */
export interface Running {
  readonly startedMs: number
  readonly trace: Trace
  /** Never rejects. */
  readonly ended: Promise<void>
}

/** A name in the cache. */
export interface Entry {
  readonly name: string
  readonly kind: AddressKind
  state: NameState
  incident: Incident | undefined
  running: Running | undefined
  /** What the latest resolution asked, ended or not. */
  trace: Trace | undefined
  timer: Timer | undefined
  /** Since the last resolution began. */
  used: boolean
  usedMs: number
}

/** A name of which nothing is known. */
export function createEntry(name: string, kind: AddressKind, usedMs: number): Entry {
  return {
    name,
    kind,
    state: {},
    incident: undefined,
    running: undefined,
    trace: undefined,
    timer: undefined,
    used: true,
    usedMs,
  }
}

/** Under which an entry is kept. */
export function keyOf(name: string, kind: AddressKind): string {
  return `${kind} ${name}`
}
