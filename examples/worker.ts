/**
 * A worker service: wakes up, logs before and after its task, sleeps.
 * EXAMPLE_RUNS: how often it wakes up (default 3). SIGTERM lets the task at hand finish.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import pino from 'pino'
import type { ShipperOptions } from 'pino-loudsink'
import { close, onSelfLog } from 'pino-loudsink'

// #region logger
const logger = pino(
  { name: 'invoice-worker' },
  pino.transport<ShipperOptions>({
    target: 'pino-loudsink',
    options: {
      node: process.env.PINO_LOUDSINK_NODE ?? 'http://127.0.0.1:9200',
      index: 'logs-invoices-default',
      fields: { 'service.name': 'invoice-worker' },
    },
  }),
)
// #endregion

// #region listen
// Warnings and errors are on stderr already. Here is the place for a metric or a pager.
let lost = 0
onSelfLog(logger, (event) => {
  if (event.code === 'items.dropped' || event.code === 'items.dead_lettered') lost += event.items
})
// #endregion

// #region stop
// Without a handler SIGTERM ends the process at once, and with it the lines that are still on their way.
const stop = new AbortController()
process.once('SIGTERM', () => {
  logger.info('asked to stop')
  stop.abort()
})
// #endregion

const runs = Number(process.env.EXAMPLE_RUNS ?? 3)
for (let run = 1; run <= runs && !stop.signal.aborted; run++) {
  logger.info({ run }, 'woke up')
  const invoices = await sendInvoices()
  logger.info({ run, invoices }, 'task done')
  await sleep(300, undefined, { signal: stop.signal }).catch(() => {})
}

// #region end
const { ok, ledger } = await close(logger, { timeoutMs: 5_000 })
console.log(`${ok ? 'all' : 'not all'} delivered: ${ledger.stored} stored, ${lost} lost`)
// #endregion

async function sendInvoices(): Promise<number> {
  await sleep(100)
  return 12
}
