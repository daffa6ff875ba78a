import type { Random } from '../core/platform.ts'
import type { Address } from './address.ts'
import type { LookupFailure, Resolution } from './resolution.ts'

/** How long what is kept. */
export interface CacheLimits {
  readonly minTtlMs: number
  readonly maxTtlMs: number
  readonly staleMs: number
}

/** What is known of a name. All times are those of the clock. */
export interface NameState {
  readonly known?: {
    readonly addresses: readonly Address[]
    /** From then on they are asked for again, if anybody uses them. */
    readonly refreshAtMs: number
    /** From then on they are stale. */
    readonly freshUntilMs: number
  }
  /** Since the last success. */
  readonly trouble?: LookupFailure & {
    readonly count: number
    /** From then on the name is asked for again. */
    readonly againAtMs: number
    /** Since when the servers have said that there is no such name. */
    readonly missingSinceMs: number | undefined
  }
}

/** What a lookup gets at once, or that it has to wait. */
export type NameAnswer =
  | { readonly kind: 'fresh'; readonly addresses: readonly Address[] }
  | {
      readonly kind: 'stale'
      readonly addresses: readonly Address[]
      /** So long out of date that new addresses are worth a short wait, while nothing speaks against the servers. */
      readonly old: boolean
    }
  | { readonly kind: 'failed'; readonly failure: LookupFailure }
  | { readonly kind: 'unknown' }

/** When addresses are asked for again, of their time. */
const refreshShare = 0.8
/** How long a name that had addresses and now does not exist keeps them: a DNS server that starts may know nothing yet. */
const doubtMs = 300_000
const longestNegativeMs = 2_000
const firstPauseMs = 1_000
const longestPauseMs = 16_000
/** Without an address to give. */
const longestPauseEmptyMs = 5_000
/** Part of each pause, so that a thousand processes do not come back together. */
const jitterShare = 0.25
const oldAfterMs = 30_000

/** What is known after a resolution. */
export function applyResolution(
  state: NameState,
  resolution: Resolution,
  nowMs: number,
  limits: CacheLimits,
  random: Random,
): NameState {
  if (resolution.kind === 'found') return learn(resolution, nowMs, limits)
  const { code, message, syscall } = resolution
  const isMissing = resolution.kind === 'missing'
  const count = (state.trouble?.count ?? 0) + 1
  const missingSinceMs = state.trouble?.missingSinceMs ?? (isMissing ? nowMs : undefined)
  const trouble = { code, message, syscall, count, missingSinceMs }
  const doubted = { ...state, trouble: { ...trouble, againAtMs: nowMs } }
  const kept = usableAddresses(doubted, nowMs, limits) === undefined ? undefined : state.known
  const pauseMs = firstPauseMs * 2 ** Math.min(count - 1, 10) * (1 - jitterShare * random())
  if (kept !== undefined) {
    const againAtMs = nowMs + Math.min(longestPauseMs, pauseMs)
    return { known: kept, trouble: { ...trouble, againAtMs } }
  }
  const emptyMs = isMissing
    ? negativeMs(resolution.ttlMs, limits)
    : Math.min(longestPauseEmptyMs, pauseMs)
  return { trouble: { ...trouble, againAtMs: nowMs + emptyMs } }
}

function learn(
  { addresses, ttlMs }: Extract<Resolution, { readonly kind: 'found' }>,
  nowMs: number,
  { minTtlMs, maxTtlMs }: CacheLimits,
): NameState {
  const keptMs = Math.min(maxTtlMs, Math.max(minTtlMs, ttlMs))
  return {
    known: {
      addresses,
      refreshAtMs: nowMs + refreshShare * keptMs,
      freshUntilMs: nowMs + keptMs,
    },
  }
}

function negativeMs(ttlMs: number | undefined, { minTtlMs }: CacheLimits): number {
  return Math.min(longestNegativeMs, Math.max(minTtlMs, ttlMs ?? longestNegativeMs))
}

/** What a lookup gets now. */
export function answerFrom(state: NameState, nowMs: number, limits: CacheLimits): NameAnswer {
  const { known, trouble } = state
  const addresses = usableAddresses(state, nowMs, limits)
  if (known !== undefined && addresses !== undefined) {
    if (nowMs < known.freshUntilMs) return { kind: 'fresh', addresses }
    const old = trouble === undefined && nowMs - known.freshUntilMs >= oldAfterMs
    return { kind: 'stale', addresses, old }
  }
  if (trouble !== undefined && nowMs < trouble.againAtMs) {
    return { kind: 'failed', failure: trouble }
  }
  return { kind: 'unknown' }
}

/** Whether a lookup now is a reason to ask again, while it gets what is known. */
export function isDue({ known, trouble }: NameState, nowMs: number): boolean {
  return nowMs >= (trouble?.againAtMs ?? known?.refreshAtMs ?? -Infinity)
}

/** The addresses that may still be given. */
export function usableAddresses(
  { known, trouble }: NameState,
  nowMs: number,
  { staleMs }: CacheLimits,
): readonly Address[] | undefined {
  if (known === undefined) return undefined
  if (nowMs < known.freshUntilMs) return known.addresses
  if (nowMs - known.freshUntilMs >= staleMs) return undefined
  const missingSinceMs = trouble?.missingSinceMs
  const believed = missingSinceMs !== undefined && nowMs - missingSinceMs >= doubtMs
  return believed ? undefined : known.addresses
}

/** When something is to be done about the name without a lookup; undefined where nothing is. */
export function nextRefreshMs({ known, trouble }: NameState): number | undefined {
  return known === undefined ? undefined : (trouble?.againAtMs ?? known.refreshAtMs)
}
