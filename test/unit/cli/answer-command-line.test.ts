import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { answerCommandLine } from '../../../src/cli/answer-command-line.ts'

describe('the command line', () => {
  for (const flag of ['--help', '-h']) {
    it(`${flag} explains what there is, on stdout, with code 0`, () => {
      const { text, stream, exitCode } = answerCommandLine([flag], '1.2.3')
      assert.equal(stream, 'stdout')
      assert.equal(exitCode, 0)
      assert.match(text, /--version/)
      assert.match(text, /target: 'pino-loudsink'/)
    })
  }

  for (const flag of ['--version', '-v']) {
    it(`${flag} prints the version and nothing else`, () => {
      assert.deepEqual(answerCommandLine([flag], '1.2.3'), {
        text: '1.2.3\n',
        stream: 'stdout',
        exitCode: 0,
      })
    })
  }

  it('help fits a terminal of 80 columns', () => {
    const { text } = answerCommandLine(['--help'], '1.2.3')
    for (const line of text.split('\n')) assert.ok(line.length <= 80, line)
  })

  it('help promises no command that does not exist', () => {
    const { text } = answerCommandLine(['--help'], '1.2.3')
    assert.doesNotMatch(text, /\b(?:ship|doctor|setup|dead-letters|spool)\b/)
  })

  it('an unknown command is named, on stderr, with code 2', () => {
    const { text, stream, exitCode } = answerCommandLine(['ship', '--node', 'http://es'], '1.2.3')
    assert.equal(stream, 'stderr')
    assert.equal(exitCode, 2)
    assert.match(text, /no command "ship"/)
    assert.match(text, /1\.2\.3/)
    assert.match(text, /--help/)
  })

  it('an unknown command is named even beside --help', () => {
    assert.equal(answerCommandLine(['doctor', '--help'], '1.2.3').exitCode, 2)
  })

  it('control characters of a command or an option are not printed as they are', () => {
    const escapeByte = String.fromCharCode(27)
    for (const argument of [`${escapeByte}[31m`, `--${escapeByte}[31m`]) {
      assert.ok(!answerCommandLine([argument], '1.2.3').text.includes(escapeByte))
    }
  })

  for (const [args, named] of [
    [['--node', 'http://es'], '--node'],
    [['-n', 'http://es'], '-n'],
  ] as const) {
    it(`the unknown option ${named} is named, with code 2`, () => {
      const { text, stream, exitCode } = answerCommandLine(args, '1.2.3')
      assert.equal(stream, 'stderr')
      assert.equal(exitCode, 2)
      assert.ok(text.includes(`no option "${named}"`), text)
    })
  }

  it('no arguments are code 2: a pipe into it must not lose its lines in silence', () => {
    const { text, stream, exitCode } = answerCommandLine([], '1.2.3')
    assert.equal(stream, 'stderr')
    assert.equal(exitCode, 2)
    assert.match(text, /standard input/)
  })
})
