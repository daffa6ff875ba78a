import { EntryWalker } from './entry-walker.ts'
import { isDigit, openBrace, quote } from './json-bytes.ts'
import { KeyTable } from './key-table.ts'
import { labelsByNumber } from './levels.ts'

/** How many entries of a document are looked at: the level stands near the start, behind the static fields. */
const maxEntries = 32
/** A label is a key in events: a longer one is cut. */
const maxLabelBytes = 64
const minus = 0x2d

/** How a line names its levels. */
export interface LevelNames {
  readonly levelKey: string
  /** Label to number, beside pino's own. */
  readonly levels?: Readonly<Record<string, number>>
}

/**
 * Gives the function that names the level of a document: its label, an unknown number as text, `none` when there
 * is no level near the start.
 */
export function createLevelOf({ levelKey, levels }: LevelNames): (line: Buffer) => string {
  const keys = new KeyTable([levelKey, 'log.level'])
  const labels = labelsByNumber(levels)
  const walker = new EntryWalker()
  return (line) => {
    if (line[0] !== openBrace) return 'none'
    walker.begin(0, line.length)
    for (let i = 0; i < maxEntries && walker.next(line); i++) {
      if (keys.find(line, walker.keyStart, walker.keyEnd) < 0) continue
      const valueEnd = walker.valueEnd(line)
      if (valueEnd >= 0) return labelOf(line, walker.valueStart, valueEnd, labels)
    }
    return 'none'
  }
}

function labelOf(
  line: Buffer,
  start: number,
  end: number,
  labels: ReadonlyMap<number, string>,
): string {
  if (line[start] === quote) {
    const text = line.toString('utf8', start + 1, Math.min(end - 1, start + 1 + maxLabelBytes))
    return text === '' ? 'none' : text
  }
  if (!isDigit(line[start]) && line[start] !== minus) return 'none'
  const text = line.toString('latin1', start, Math.min(end, start + maxLabelBytes))
  return labels.get(Number(text)) ?? text
}
