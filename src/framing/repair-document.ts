import { isUtf8 } from 'node:buffer'
import { cutDuplicates } from './cut-duplicates.ts'
import { EntryWalker } from './entry-walker.ts'
import { escapeControls } from './escape-controls.ts'
import { quote, skipBlanks } from './json-bytes.ts'
import { KeyTable } from './key-table.ts'
import { TimeValue } from './time-value.ts'
import { wrapLine } from './wrap-line.ts'

/** A document made fit to be taken, and what was done to it, for people. */
export interface Repair {
  readonly line: Buffer
  readonly repairs: readonly string[]
}

const timestampKey = new KeyTable(['@timestamp'])

/**
 * Mends malformed JSON as bytes, for a server that refuses it: of equal keys the last stays, as in JSON.parse;
 * raw control bytes are escaped in strings and spaces elsewhere; bad UTF-8 becomes U+FFFD; nothing else changes.
 * What is no JSON object even then is kept as the `message` of one. Gives undefined when nothing is amiss.
 * Pure, linear, and without recursion.
 */
export function repairDocument(line: Buffer): Repair | undefined {
  const repairs: string[] = []
  let bytes = line
  if (!isUtf8(line)) {
    bytes = Buffer.from(line.toString())
    repairs.push('invalid UTF-8')
  }
  const controls = escapeControls(bytes)
  if (controls.count > 0) {
    repairs.push(`${controls.count} control ${controls.count === 1 ? 'byte' : 'bytes'}`)
  }
  const cut = cutDuplicates(controls.bytes)
  if (cut === undefined) return { line: keepAsText(line), repairs: ['not JSON: kept as text'] }
  repairs.push(...cut.repairs)
  return repairs.length > 0 ? { line: cut.bytes, repairs } : undefined
}

function keepAsText(line: Buffer): Buffer {
  const timestamp = leadingTimestamp(line)
  const opening = timestamp === '' ? '{' : `{"@timestamp":"${timestamp}",`
  return Buffer.concat([Buffer.from(opening), wrapLine(line, 0, line.length)])
}

/** The ISO 8601 text of the first `@timestamp` that can be reached, or nothing. */
function leadingTimestamp(line: Buffer): string {
  const walker = new EntryWalker()
  const time = new TimeValue()
  walker.begin(skipBlanks(line, 0, line.length), line.length)
  while (walker.next(line)) {
    if (timestampKey.find(line, walker.keyStart, walker.keyEnd) < 0) continue
    const start = walker.valueStart
    if (line[start] !== quote || time.read(line, start, line.length) !== 'text') return ''
    return line.toString('latin1', start + 1, walker.valueEnd(line) - 1)
  }
  return ''
}
