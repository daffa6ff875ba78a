/**
 * Two targets: everything to Elasticsearch, the console as it was.
 *
 * The level trap: in `targets` a missing `level` means `info`, whatever the level of the logger. Without
 * `level: 'debug'` below, debug lines would never reach Elasticsearch, and nothing would say so: pino drops
 * them before any transport sees them.
 */
import pino from 'pino'
import { flush, onSelfLog } from 'pino-loudsink'

const node = process.env.PINO_LOUDSINK_NODE ?? 'http://127.0.0.1:9200'

// #region targets
const logger = pino(
  { level: 'debug' },
  pino.transport({
    targets: [
      { target: 'pino-loudsink', level: 'debug', options: { node, index: 'logs-shop-default' } },
      // No level, so `info`: debug lines do not come here.
      { target: 'pino/file', options: { destination: 1 } },
    ],
  }),
)
// #endregion

onSelfLog(logger, (event) => {
  if (event.severity === 'error') process.exitCode = 1
})

logger.debug({ cartId: 3 }, 'price looked up')
logger.info({ orderId: 7 }, 'order received')

// #region barrier
// With `targets`, pino's own logger.flush() comes back before anything is delivered. This one waits.
const { ok, ledger } = await flush(logger, { timeoutMs: 5_000 })
// #endregion
console.log(`${ok ? 'all' : 'not all'} delivered: ${ledger.stored} stored`)
