import { dayText } from './civil-date.ts'

const dayMs = 86_400_000

/** A moment as ISO 8601 text in UTC with milliseconds, as `Date.prototype.toISOString` gives it. `wallMs` counts from 1970. */
export function isoTime(wallMs: number): string {
  const ms = Math.floor(wallMs)
  const day = Math.floor(ms / dayMs)
  const rest = ms - day * dayMs
  const pad = (value: number, digits: number) => String(Math.floor(value)).padStart(digits, '0')
  const clock = [rest / 3_600_000, (rest / 60_000) % 60, (rest / 1000) % 60]
  return `${dayText(day)}T${clock.map((part) => pad(part, 2)).join(':')}.${pad(rest % 1000, 3)}Z`
}
