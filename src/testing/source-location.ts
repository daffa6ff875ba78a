/** How many bytes of a document Jackson quotes in an error (`ErrorReportConfiguration`, default 500). */
const maxSnippetBytes = 500

/** Java's idea of a control character. */
export const isControl = (code: number): boolean => code < 0x20 || (code >= 0x7f && code < 0xa0)

/** A character the way Jackson names it: `'x' (code 120)`, `(CTRL-CHAR, code 9)`. */
export function nameCharacter(code: number): string {
  return isControl(code)
    ? `(CTRL-CHAR, code ${code})`
    : `'${String.fromCharCode(code)}' (code ${code})`
}

/**
 * `[Source: (byte[])"…"; line: 1, column: 13]`: where and in what Jackson stumbled. Without `quote`
 * the text is kept out of it, as with `include_source_on_error=false`.
 */
export function sourceLocation(line: Buffer, column: number, quote: boolean): string {
  const place = `line: 1, column: ${column}]`
  if (!quote) {
    return `[Source: REDACTED (\`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION\` disabled); ${place}`
  }
  const shown = Array.from(
    line.toString('utf8', 0, Math.min(line.length, maxSnippetBytes)),
    escapeControl,
  )
  const more = line.length - maxSnippetBytes
  const cut = more > 0 ? `[truncated ${more} bytes]` : ''
  return `[Source: (byte[])"${shown.join('')}"${cut}; ${place}`
}

function escapeControl(character: string): string {
  const code = character.codePointAt(0) ?? 0
  return isControl(code) ? `\\u${code.toString(16).toUpperCase().padStart(4, '0')}` : character
}
