import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import process from 'node:process'
import { describe, it } from 'node:test'

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
  readonly version: string
  readonly bin: Readonly<Record<string, string>>
}
const bin = manifest.bin['pino-loudsink'] ?? ''

const run = (...args: readonly string[]) =>
  spawnSync(process.execPath, [bin, ...args], { encoding: 'utf8', timeout: 10_000 })

describe('the built program', () => {
  it('begins with a line that finds node', () => {
    assert.ok(readFileSync(bin, 'utf8').startsWith('#!/usr/bin/env node\n'))
  })

  it('prints the version of package.json', () => {
    const { stdout, stderr, status } = run('--version')
    assert.deepEqual(
      { stdout, stderr, status },
      { stdout: `${manifest.version}\n`, stderr: '', status: 0 },
    )
  })

  it('prints its help on stdout', () => {
    const { stdout, stderr, status } = run('--help')
    assert.equal(status, 0)
    assert.equal(stderr, '')
    assert.match(stdout, /^pino-loudsink: /)
  })

  it('ends with code 2 for a command that does not exist, and names it', () => {
    const { stdout, stderr, status } = run('ship')
    assert.equal(status, 2)
    assert.equal(stdout, '')
    assert.match(stderr, /no command "ship"/)
  })
})
