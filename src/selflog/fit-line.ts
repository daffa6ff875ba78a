import type { SelfLogEvent } from '../core/self-log-event.ts'

/** Longest line of the self-log, its newline included: what a pipe takes in one piece (PIPE_BUF on Linux). */
export const maxLineBytes = 4096

/** The event as one line of JSON, at most `maxLineBytes` long: long texts are cut, numbers never. */
export function fitLine(event: SelfLogEvent): Buffer {
  let line = Buffer.from(`${JSON.stringify(event)}\n`)
  for (let textBytes = 1024; line.length > maxLineBytes && textBytes >= 16; textBytes /= 2) {
    line = Buffer.from(`${JSON.stringify(event, shorten(textBytes))}\n`)
  }
  return line
}

function shorten(maxCharacters: number) {
  return (_key: string, value: unknown): unknown =>
    typeof value === 'string' && value.length > maxCharacters
      ? `${value.slice(0, maxCharacters - 1)}…`
      : value
}
