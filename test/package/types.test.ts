import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import process from 'node:process'
import { describe, it } from 'node:test'

const tsc = 'node_modules/typescript/bin/tsc'

describe('the declarations of the built package', () => {
  for (const [how, flags] of [
    ['under nodenext', []],
    ['for a bundler', ['--module', 'esnext', '--moduleResolution', 'bundler']],
    [
      'with the strictest settings',
      ['--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess', '--verbatimModuleSyntax'],
    ],
  ] as const) {
    it(`are good for a user who checks them too, and refuse wrong options: ${how}`, () => {
      const { stdout, status } = spawnSync(
        process.execPath,
        [tsc, '-p', 'test/package/consumer', ...flags],
        { encoding: 'utf8', timeout: 60_000 },
      )
      assert.equal(stdout, '')
      assert.equal(status, 0)
    })
  }
})
