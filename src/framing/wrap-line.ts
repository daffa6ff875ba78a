/** The most of a line that `describeHead` gives, in UTF-16 units. */
const maxHeadChars = 120

/** `"message":"…"}`: text that is no JSON as the rest of a document, bad UTF-8 as U+FFFD. */
export function wrapLine(bytes: Buffer, start: number, end: number): Buffer {
  return Buffer.from(`"message":${JSON.stringify(bytes.toString('utf8', start, end))}}`)
}

/** The beginning of a line for people, at most 120 characters. */
export function describeHead(bytes: Buffer, start: number, end: number): string {
  // A character is at most 4 bytes: what the cut breaks lies behind the last one that is used.
  const text = bytes.toString('utf8', start, Math.min(end, start + 4 * maxHeadChars))
  const last = text.charCodeAt(maxHeadChars - 1)
  const splitsPair = text.length > maxHeadChars && last >= 0xd800 && last < 0xdc00
  return text.slice(0, splitsPair ? maxHeadChars - 1 : maxHeadChars)
}
