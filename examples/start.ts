import pino from 'pino'
import { flush, onSelfLog } from 'pino-loudsink'

const node = process.env.PINO_LOUDSINK_NODE ?? 'http://127.0.0.1:9200'
const logger = pino(pino.transport({ target: 'pino-loudsink', options: { node } }))
onSelfLog(logger, (event) => console.log(event.code, '-', event.message))

logger.info({ orderId: 7 }, 'order received')
const { ok, remaining, ledger } = await flush(logger)
console.log(ok ? `stored: ${ledger.stored}` : `still held in memory: ${remaining}`)
