import assert from 'node:assert/strict'
import { it } from 'node:test'
import { describeFaults, OptionsError } from '../../../src/options/index.ts'

const connect = { path: 'timeouts.connectMs', expected: 'a whole number', got: '"5s" (string)' }
const node = { path: 'node', expected: 'a URL', got: '5 (number)' }

it('faults are described one a line, below their number', () => {
  assert.equal(
    describeFaults([connect, node]),
    [
      'pino-loudsink: 2 options are wrong',
      '  - timeouts.connectMs: expected a whole number, got "5s" (string)',
      '  - node: expected a URL, got 5 (number)',
    ].join('\n'),
  )
})

it('one fault is described in the singular', () => {
  assert.match(describeFaults([node]), /^pino-loudsink: 1 option is wrong\n/)
})

it('OptionsError carries code, message and faults', () => {
  const error = new OptionsError([connect, node])
  assert.equal(error.code, 'ERR_LOUDSINK_OPTIONS')
  assert.equal(error.name, 'OptionsError')
  assert.equal(error.message, describeFaults([connect, node]))
  assert.deepEqual(error.faults, [connect, node])
  assert.ok(error instanceof Error)
})
