/**
 * Without pino's worker thread: for short scripts, for tests, and where worker threads are not allowed.
 * The price: sending shares the thread with your code, and at `process.exit()` what is left can only be
 * announced, not sent. So end with `close()`.
 */
import pino from 'pino'
import { createShipper, onSelfLog } from 'pino-loudsink'

// #region shipper
const shipper = createShipper({
  node: process.env.PINO_LOUDSINK_NODE ?? 'http://127.0.0.1:9200',
  index: 'logs-scripts-default',
})
onSelfLog(shipper, (event) => console.log(`self-log: ${event.code}`))
const logger = pino(shipper.stream)

logger.info({ files: 3 }, 'import started')
logger.info({ files: 3 }, 'import done')

const { ok, dropped, ledger } = await shipper.close({ timeoutMs: 5_000 })
// #endregion
console.log(`${ok ? 'all' : 'not all'} delivered: ${ledger.stored} stored, ${dropped} dropped`)
