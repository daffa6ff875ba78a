/**
 * The service of the demo: logs a numbered line every 10 ms through pino's worker. The options that it leaves out
 * come from PINO_LOUDSINK_NODE and PINO_LOUDSINK_INDEX. Its parent asks `report` and `end`.
 */
import process from 'node:process'
import pino from 'pino'
import type { ShipperOptions } from 'pino-loudsink'
import { flush, stats } from 'pino-loudsink'

const servername = process.env['DEMO_SERVERNAME']
const options: ShipperOptions = servername === undefined ? {} : { tls: { servername } }
const logger = pino(pino.transport<ShipperOptions>({ target: 'pino-loudsink', options }))

let logged = 0
const timer = setInterval(() => {
  logger.info({ seq: logged }, 'task done')
  logged++
}, 10)

process.on('message', (word) => {
  void (word === 'end' ? end() : report())
})
// The demo is gone: nobody needs us.
process.on('disconnect', () => process.exit())
process.send?.('ready')

async function report(): Promise<void> {
  const { ledger } = await stats(logger)
  process.send?.({ logged, ledger })
}

async function end(): Promise<void> {
  clearInterval(timer)
  const { ledger } = await flush(logger)
  process.send?.({ logged, ledger })
}
