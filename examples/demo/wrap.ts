/**
 * `text` as lines of at most `width` characters, broken at spaces; all but the first begin with `hang` spaces.
 * A longer word stands alone, uncut.
 */
export function wrap(text: string, width: number, hang = 0): readonly string[] {
  const lines: string[] = []
  let line = ''
  // Runs of spaces belong to the word before them: columns stay columns.
  for (const word of text.match(/\S+\s*/g) ?? []) {
    if (line.trim() !== '' && (line + word.trimEnd()).length > width) {
      lines.push(line.trimEnd())
      line = ' '.repeat(hang)
    }
    line += word
  }
  return [...lines, line.trimEnd()]
}
