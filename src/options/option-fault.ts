/** One thing that is wrong with the options. Holds no secret. */
export interface OptionFault {
  /** `timeouts.connectMs`, `node[1]`, or the environment variable that it came from. */
  readonly path: string
  /** What would have been right: `a whole number of milliseconds from 1 to 600,000`. */
  readonly expected: string
  /** What was there: `"5s" (string)`; for a secret only its kind. */
  readonly got: string
}

/** The faults as text for people: a heading, then one fault a line. */
export function describeFaults(faults: readonly OptionFault[]): string {
  const heading = faults.length === 1 ? '1 option is wrong' : `${faults.length} options are wrong`
  const lines = faults.map(
    ({ path, expected, got }) => `  - ${path}: expected ${expected}, got ${got}`,
  )
  return [`pino-loudsink: ${heading}`, ...lines].join('\n')
}

/** Thrown where a transport is made with options that are wrong. Its message lists every fault. */
export class OptionsError extends Error {
  override readonly name = 'OptionsError'
  readonly code = 'ERR_LOUDSINK_OPTIONS'
  readonly faults: readonly OptionFault[]

  constructor(faults: readonly OptionFault[]) {
    super(describeFaults(faults))
    this.faults = faults
  }
}
