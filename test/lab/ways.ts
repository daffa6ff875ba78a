/** The ways of looking up that are compared. */
export const ways = ['ours', 'libc', 'cacheable-lookup'] as const

export type Way = (typeof ways)[number]

/** How the lookups of one run of `look-up.ts` went. */
export interface LookUps {
  readonly glibc: string | undefined
  /** One a lookup, in order, failed ones too. */
  readonly ms: readonly number[]
  /** Codes of those that failed. */
  readonly failed: readonly string[]
  /** Of the last that succeeded. */
  readonly addresses: readonly string[]
}
