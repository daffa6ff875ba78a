import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import process from 'node:process'
import { it } from 'node:test'
import { createNamespaces } from './namespaces.ts'

/** Can the lab be built here? If not: what is missing and how to get it. */
export type LabSearch =
  | { readonly kind: 'found' }
  | { readonly kind: 'missing'; readonly what: string }

/** Looks for what the lab needs, and tries the rest. */
export function findLab(): LabSearch {
  const missing = (what: string): LabSearch => ({ kind: 'missing', what })
  if (process.platform !== 'linux') return missing('network namespaces: run it on Linux')
  if (process.getuid?.() !== 0) return missing('root: run the tests with `sudo -E npm test`')
  for (const [command, install] of [
    ['ip', 'iproute2'],
    ['curl', 'curl'],
  ] as const) {
    const found = spawnSync(command, ['-V'], { stdio: 'ignore' }).error === undefined
    if (!found) return missing(`${command}: install it with \`apt-get install ${install}\``)
  }
  try {
    createNamespaces().remove()
    return { kind: 'found' }
  } catch (error) {
    const said = error instanceof Error ? error.message.trim().split('\n').at(-1) : String(error)
    return missing(
      `the right to create network namespaces (${said}): in a container, run it with \`--privileged\``,
    )
  }
}

/**
 * Registers the suite where the lab can be built. Elsewhere one skipped test says what is missing; with
 * `PINO_LOUDSINK_REQUIRE_ALL=1` that test fails.
 */
export function describeLab(name: string, body: () => void): void {
  const search = findLab()
  if (search.kind === 'found') body()
  else registerMissing(`${name}: network lab`, search.what)
}

/** One test that stands for those that cannot run here. */
export function registerMissing(name: string, what: string): void {
  if (process.env['PINO_LOUDSINK_REQUIRE_ALL'] === '1') {
    it(`${name}: missing: ${what}`, () => assert.fail(what))
  } else it(`${name}: skipped: ${what}`, { skip: true })
}
