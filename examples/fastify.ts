/** fastify makes the logger itself: the helpers find the transport behind `app.log`. */
import fastify from 'fastify'
import type { ShipperOptions } from 'pino-loudsink'
import { flush, onSelfLog } from 'pino-loudsink'

const options: ShipperOptions = {
  node: process.env.PINO_LOUDSINK_NODE ?? 'http://127.0.0.1:9200',
  index: 'logs-shop-default',
}

// #region app
const app = fastify({ logger: { transport: { target: 'pino-loudsink', options } } })
onSelfLog(app.log, (event) => console.log(`self-log: ${event.code}`))
app.addHook('onClose', async () => {
  await flush(app.log, { timeoutMs: 5_000 })
})
// #endregion

app.get('/orders/:id', async (request) => {
  request.log.info({ params: request.params }, 'order looked up')
  return { state: 'sent' }
})

// A few requests to ourselves, then the end. A real service stays until SIGTERM.
const address = await app.listen({ host: '127.0.0.1', port: 0 })
for (const id of [1, 2, 3]) console.log(await (await fetch(`${address}/orders/${id}`)).json())
await app.close()
