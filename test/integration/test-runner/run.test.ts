import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { after, describe, it } from 'node:test'

const folder = mkdtempSync(join(tmpdir(), 'pino-loudsink-runner-'))
after(() => {
  rmSync(folder, { recursive: true })
})

/** Runs test files with these contents; gives the exit code and the lines that were printed. */
function runFiles(files: Readonly<Record<string, string>>) {
  const paths = Object.entries(files).map(([name, content]) => {
    const path = join(folder, name)
    writeFileSync(path, `import { describe, it } from 'node:test'\n${content}`)
    return path
  })
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  const args = ['--import', 'tsx', 'test/run.ts', ...paths]
  const { status, stdout } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    env,
    timeout: 60_000,
  })
  return { status, lines: stdout.trimEnd().split('\n') }
}

describe('test/run.ts', () => {
  it('ends with code 0 and a plain sum when all is well', () => {
    const { status, lines } = runFiles({
      'good.test.ts': "describe('suite', () => { it('a', () => {}); it('b', () => {}) })",
    })
    assert.equal(status, 0)
    assert.equal(lines.at(-1), '2 passed, 0 failed, 0 skipped')
  })

  it('ends with code 1 when a test fails, and counts it once', () => {
    const { status, lines } = runFiles({
      'bad.test.ts': "describe('suite', () => { it('a', () => { throw new Error('no') }) })",
      'good-too.test.ts': "it('b', () => {})",
    })
    assert.equal(status, 1)
    assert.equal(lines.at(-1), '1 passed, 1 failed, 0 skipped')
  })

  it('ends with code 1 when a file cannot be loaded', () => {
    const { status, lines } = runFiles({ 'broken.test.ts': "throw new Error('no')" })
    assert.equal(status, 1)
    assert.equal(lines.at(-1), '0 passed, 1 failed, 0 skipped')
  })

  it('lists what was skipped, by name and with the reason', () => {
    const { status, lines } = runFiles({
      'skips.test.ts': `
        it('runs', () => {})
        it('a real server: install mvn', { skip: true }, () => {})
        it('another', { skip: 'set THIS' }, () => {})`,
    })
    assert.equal(status, 0)
    assert.deepEqual(lines.slice(-4), [
      'skipped:',
      '  - a real server: install mvn',
      '  - another: set THIS',
      '1 passed, 0 failed, 2 skipped',
    ])
  })

  it('refuses to run nothing', () => {
    const empty = mkdtempSync(join(folder, 'empty-'))
    const args = ['--import', 'tsx', 'test/run.ts', empty]
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
    assert.notEqual(status, 0)
    assert.match(stderr, /no test files/)
  })
})
