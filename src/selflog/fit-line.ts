import type { SelfLogEvent } from '../core/self-log-event.ts'

/** Longest line of the self-log, its newline included: what a pipe takes in one piece (PIPE_BUF on Linux). */
export const maxLineBytes = 4096

/** No text is cut below this: longer than any code, reason and time. Only ids of incidents are longer. */
const leastCharacters = 32

/**
 * The event as one line of JSON, at most `maxLineBytes` long: long texts are cut, numbers and names of the
 * event's own vocabulary never. Counts by level are left out where they would fill the line alone.
 */
export function fitLine(event: SelfLogEvent): Buffer {
  const whole = encode(event)
  return fit(event, whole) ?? fit({ ...event, levels: {} }, whole) ?? whole
}

function fit(event: SelfLogEvent, whole: Buffer): Buffer | undefined {
  if (whole.length <= maxLineBytes) return whole
  for (let characters = 1024; characters >= leastCharacters; characters /= 2) {
    const line = encode(event, characters)
    if (line.length <= maxLineBytes) return line
  }
  return undefined
}

function encode(event: SelfLogEvent, maxCharacters = Number.POSITIVE_INFINITY): Buffer {
  const shorten = (key: string, value: unknown): unknown =>
    typeof value === 'string' && value.length > maxCharacters && key !== 'id'
      ? `${value.slice(0, maxCharacters - 1)}…`
      : value
  return Buffer.from(`${JSON.stringify(event, shorten)}\n`)
}
