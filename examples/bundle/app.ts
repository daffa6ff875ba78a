import pino from 'pino'
import type { ShipperOptions } from 'pino-loudsink'
import { close, onSelfLog } from 'pino-loudsink'

const options: ShipperOptions = {
  node: process.env.PINO_LOUDSINK_NODE ?? 'http://127.0.0.1:9200',
  index: 'logs-bundled-default',
}
const logger = pino(pino.transport<ShipperOptions>({ target: 'pino-loudsink', options }))
onSelfLog(logger, (event) => console.log(`self-log: ${event.code}`))
logger.info('logged from a bundle')
const { ok } = await close(logger, { timeoutMs: 5_000 })
console.log(ok ? 'all delivered' : 'not all delivered')
