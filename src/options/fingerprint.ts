import type { Check } from './check.ts'
import { right, wrong } from './check.ts'
import { showValue } from './show-value.ts'

/** A SHA-256 fingerprint as `openssl x509 -fingerprint` or Elasticsearch prints it → 64 lower-case hex digits. */
export const checkFingerprint: Check<string> = (value, path) => {
  const bare = typeof value === 'string' ? value.trim().replaceAll(':', '').toLowerCase() : ''
  return /^[\da-f]{64}$/.test(bare)
    ? right(bare)
    : wrong(path, 'a SHA-256 as 64 hex digits, with or without colons', showValue(value))
}
