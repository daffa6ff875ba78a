import { parseArgs } from 'node:util'

/** What the program says, and how it ends. */
export interface CommandLineAnswer {
  /** The whole text, ending in a newline. */
  readonly text: string
  readonly stream: 'stdout' | 'stderr'
  /** 0, or 2 for a command line that cannot be understood. */
  readonly exitCode: 0 | 2
}

const help = `pino-loudsink: a pino transport to Elasticsearch.
It never loses a line silently.

Usage:
  pino-loudsink --help       this text
  pino-loudsink --version    the version

The transport itself is used from code, not from here:

  import pino from 'pino'
  const logger = pino(pino.transport({
    target: 'pino-loudsink',
    options: { node: 'http://127.0.0.1:9200' },
  }))
  logger.info('hello')

Options, self-log events, and what happens when things fail: see README.md.
`

const options = {
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const

const hint = 'Try: pino-loudsink --help\n'

/** What the program answers to its arguments. Pure: nothing is printed, no process ends. */
export function answerCommandLine(args: readonly string[], version: string): CommandLineAnswer {
  const { values, tokens } = parseArgs({
    args: [...args],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  for (const token of tokens) {
    if (token.kind === 'positional') return refuse(unknownCommand(token.value, version))
    if (token.kind === 'option' && !Object.hasOwn(options, token.name)) {
      return refuse(`there is no option ${JSON.stringify(token.rawName)}.`)
    }
  }
  if (values.version === true) return { text: `${version}\n`, stream: 'stdout', exitCode: 0 }
  if (values.help === true) return { text: help, stream: 'stdout', exitCode: 0 }
  // With code 0, `node app.js | pino-loudsink` would lose its lines in silence.
  return refuse('nothing to do, and nothing is read from standard input.')
}

function unknownCommand(command: string, version: string): string {
  return `there is no command ${JSON.stringify(command)}. Version ${version} has --help and --version; commands do not exist yet.`
}

function refuse(reason: string): CommandLineAnswer {
  return { text: `pino-loudsink: ${reason}\n${hint}`, stream: 'stderr', exitCode: 2 }
}
