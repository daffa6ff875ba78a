export interface Snippet {
  /** `examples/file.ts`, or `examples/file.ts#region`. */
  readonly marker: string | undefined
  /** Where its block begins, counted from 1. */
  readonly line: number
  /** Ends in a newline. */
  readonly code: string
}

/** The ts blocks of a Markdown text, each with the marker in the line above it. */
export function snippetsOf(markdown: string): readonly Snippet[] {
  const lines = markdown.split('\n')
  return lines.flatMap((text, i) => {
    if (!/^```(?:ts|typescript)\b/.test(text)) return []
    const end = lines.indexOf('```', i)
    const marker = /^<!-- example: (\S+) -->$/.exec(lines[i - 1] ?? '')?.[1]
    return [{ marker, line: i + 1, code: `${lines.slice(i + 1, end).join('\n')}\n` }]
  })
}

/** The text that a marker stands for. `read` gives the text of a file. Throws where there is no such region. */
export function regionOf(marker: string, read: (file: string) => string): string {
  const [file = '', region] = marker.split('#')
  const text = read(file)
  if (region === undefined) return text
  const [, after] = text.split(`// #region ${region}\n`)
  if (after === undefined) throw new Error(`${file} has no region ${region}`)
  return after.split(/^\s*\/\/ #endregion/m)[0] ?? ''
}
