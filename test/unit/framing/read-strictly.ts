import assert from 'node:assert/strict'

/**
 * Reads JSON as JSON.parse does, and fails on a key that comes twice in an object. Written on its own, by strings
 * and recursion, to check code that works on bytes without it.
 */
export function readStrictly(text: string): unknown {
  checkKeys(text)
  return JSON.parse(text)
}

/** Every object's keys, told apart by a reviver's blind spot: the tokens are read here once more. */
function checkKeys(text: string): void {
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s{}[\]:,"]+/gs) ?? []
  const open: (Set<string> | undefined)[] = []
  for (const [i, token] of tokens.entries()) {
    if (token === '{') open.push(new Set())
    else if (token === '[') open.push(undefined)
    else if (token === '}' || token === ']') open.pop()
    else if (tokens[i + 1] === ':') {
      const key = String(JSON.parse(token))
      const keys = open.at(-1)
      assert.ok(keys !== undefined && !keys.has(key), `double key ${token} in ${text}`)
      keys.add(key)
    }
  }
}
