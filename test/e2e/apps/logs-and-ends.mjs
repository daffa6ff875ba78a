/**
 * An application over pino's worker. Its one argument is JSON: what `pino.transport()` is given, how many lines it
 * logs, and how it ends.
 */
import process from 'node:process'
import pino from 'pino'

/** @typedef {{ transport: pino.TransportSingleOptions, lines: number, end: string, listensToErrors?: boolean }} Plan */

const plan = /** @type {Plan} */ (JSON.parse(process.argv[2] ?? ''))
const { transport, lines, end, listensToErrors } = plan
const stream = pino.transport(transport)
if (listensToErrors) {
  stream.on('error', (/** @type {Error} */ { message }) =>
    process.stdout.write(`heard: ${message}\n`),
  )
}
const logger = pino(stream)
for (let seq = 0; seq < lines; seq++) logger.info({ seq }, 'hello')
if (end === 'exit') process.exit(0)
if (end === 'exit-when-ready') stream.on('ready', () => process.exit(0))
if (end === 'throw') throw new Error('the application is broken')
