import type { Check } from './check.ts'
import { right, wrong } from './check.ts'
import type { OptionFault } from './option-fault.ts'
import { givenOf } from './plain-data.ts'
import { kindOf, showHidden } from './show-value.ts'

/** Headers that are made by us or by the HTTP client; undici refuses most of them with an error per request. */
const reserved = new Set([
  'accept-encoding',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'host',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
])

/** RFC 9110 §5.6.2. */
const token = /^[!#$%&'*+.^_`|~\w-]{1,100}$/
/** RFC 9110 §5.5, as bytes: no line break, no NUL. */
const fieldValue = /^[\t\x20-\x7e\x80-\xff]*$/

function judge(name: string, value: unknown, path: string): readonly OptionFault[] {
  const at = `${path}.${name}`
  if (reserved.has(name)) {
    return wrong(at, 'no such header: the transport sets it', 'one').faults
  }
  return typeof value === 'string' && fieldValue.test(value)
    ? []
    : wrong(at, 'text in Latin-1 without line breaks', showHidden(value)).faults
}

/** Headers by name, in lower case: with another case the client would send one twice. Values are never shown. */
export const checkHeaders: Check<Readonly<Record<string, string>>> = (value, path) => {
  const given = givenOf(value)
  if (given === undefined) return wrong(path, 'an object of names and texts', kindOf(value))
  const headers = new Map<string, string>()
  const faults: OptionFault[] = []
  for (const [written, content] of given) {
    const name = written.toLowerCase()
    if (!token.test(name)) {
      faults.push(
        ...wrong(path, 'names of letters, digits and -', 'another name (not shown)').faults,
      )
      continue
    }
    if (headers.has(name)) {
      faults.push(
        ...wrong(`${path}.${name}`, 'the name once, whatever its case', 'the name twice').faults,
      )
    }
    faults.push(...judge(name, content, path))
    if (typeof content === 'string') headers.set(name, content)
  }
  const checked = right(Object.fromEntries(headers))
  return { ...checked, faults }
}
