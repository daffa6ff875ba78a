import { defaultLevels } from './framer-options.ts'

/** Number to label: pino's own levels, and `levels` (label to number) over them. */
export function labelsByNumber(
  levels: Readonly<Record<string, number>> | undefined,
): Map<number, string> {
  const labels = new Map<number, string>()
  for (const source of [defaultLevels, levels ?? {}]) {
    for (const [label, value] of Object.entries(source)) labels.set(value, label)
  }
  return labels
}
