import type { DocumentView } from '../../src/core/document.ts'

/** A framed document; `text` is one JSON object without a newline. */
export function documentOf(text: string, index = 'logs-test'): DocumentView {
  const bytes = Buffer.from(text)
  const half = bytes.length >>> 1
  // Split anywhere, amid bytes of other lines: what is written must be exactly the two parts.
  const prefix = Buffer.concat([bytes.subarray(0, half), Buffer.from('other')])
  const tail = Buffer.concat([Buffer.from('another'), bytes.subarray(half), Buffer.from('more')])
  return {
    index,
    prefix,
    prefixEnd: half,
    tail,
    tailStart: 7,
    tailEnd: 7 + bytes.length - half,
  }
}
