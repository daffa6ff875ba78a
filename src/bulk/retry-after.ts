/**
 * A `Retry-After` header in ms from now: seconds, or an HTTP date against the wall clock (RFC 9110, 10.2.3).
 * Undefined where it says neither; 0 for a date that has passed.
 */
export function parseRetryAfter(value: string | undefined, wallNowMs: number): number | undefined {
  const text = value?.trim() ?? ''
  if (/^\d+$/.test(text)) return Number(text) * 1000
  // Every HTTP date names its weekday: Date.parse alone would take `-5` for a year.
  if (!/^[A-Z][a-z]{2,8},? /.test(text)) return undefined
  const at = Date.parse(text)
  return Number.isNaN(at) ? undefined : Math.max(0, at - wallNowMs)
}
