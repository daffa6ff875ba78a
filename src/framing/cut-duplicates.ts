import { DuplicateScan } from './duplicate-scan.ts'
import { skipString } from './json-bytes.ts'
import { textOf } from './json-scalar.ts'
import type { MemberTable } from './member-table.ts'

const maxNamed = 5
const maxNameChars = 80
/** A key that comes a million times has one name: no need to work it out a million times. */
const maxLookedAt = 100

/** JSON in which no object has a key twice, and what was cut out, for people. */
export interface CutResult {
  readonly bytes: Buffer
  readonly repairs: readonly string[]
}

/** `text` on one line, at most `maxChars` UTF-16 units long. */
function fit(text: string, maxChars: number): string {
  const plain = text.replaceAll(/\p{Cc}/gu, ' ')
  if (plain.length <= maxChars) return plain
  return `${plain.slice(0, maxChars - 1).replace(/[\ud800-\udbff]$/, '')}…`
}

/** The key whose opening quote is at `open`. */
function keyOf(bytes: Buffer, open: number): string {
  return textOf(bytes, open + 1, skipString(bytes, open + 1, bytes.length) - 1)
}

/** `duplicate key "req.headers.x"`, at most 80 characters. */
function nameOf(bytes: Buffer, members: MemberTable, member: number): string {
  const chain: number[] = []
  for (let at = member; at >= 0; at = members.parent(at)) chain.push(at)
  const root = chain.pop() ?? member
  let path = keyOf(bytes, members.start(root))
  while (chain.length > 0 && path.length <= maxNameChars) {
    path += `.${keyOf(bytes, members.start(chain.pop() ?? member))}`
  }
  return `duplicate key "${fit(path, maxNameChars - 'duplicate key ""'.length)}"`
}

function applyCuts(bytes: Buffer, members: MemberTable): CutResult {
  const out = Buffer.allocUnsafeSlow(bytes.length)
  const names = new Set<string>()
  let end = 0
  let done = 0
  let lookedAt = 0
  for (let member = 0; member < members.count; member++) {
    const start = members.start(member)
    // One that lies inside of another cut is gone with it.
    if (!members.isCut(member) || start < done) continue
    if (start > done) end += bytes.copy(out, end, done, start)
    done = members.end(member)
    lookedAt++
    if (lookedAt <= maxLookedAt && names.size <= maxNamed) names.add(nameOf(bytes, members, member))
  }
  end += bytes.copy(out, end, done)
  const repairs = [...names].slice(0, maxNamed)
  if (names.size > maxNamed || lookedAt > maxLookedAt) repairs.push('more duplicate keys')
  return { bytes: out.subarray(0, end), repairs }
}

/**
 * Cuts out, at any depth, each member whose key comes again later in its object, with its value and one comma.
 * Keys are compared as decoded. Gives undefined when the text is no JSON object, even after that.
 */
export function cutDuplicates(bytes: Buffer): CutResult | undefined {
  const scan = new DuplicateScan(bytes)
  if (!scan.run()) return undefined
  if (scan.cuts === 0) return scan.faults === 0 ? { bytes, repairs: [] } : undefined
  const result = applyCuts(bytes, scan.members)
  if (scan.faults === 0) return result
  // The faults may have gone with a member that was cut out.
  const again = new DuplicateScan(result.bytes)
  return again.run() && again.faults === 0 ? result : undefined
}
