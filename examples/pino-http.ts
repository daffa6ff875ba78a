/** A plain HTTP server with pino-http. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import pino from 'pino'
import { pinoHttp } from 'pino-http'
import type { ShipperOptions } from 'pino-loudsink'
import { flush, onSelfLog } from 'pino-loudsink'

const options: ShipperOptions = {
  node: process.env.PINO_LOUDSINK_NODE ?? 'http://127.0.0.1:9200',
  index: 'logs-shop-default',
}
const logger = pino(pino.transport<ShipperOptions>({ target: 'pino-loudsink', options }))
onSelfLog(logger, (event) => console.log(`self-log: ${event.code}`))

const logRequest = pinoHttp({ logger })
const server = createServer((request, response) => {
  logRequest(request, response)
  request.log.info('order looked up')
  response.end('sent\n')
})

// A few requests to ourselves, then the end. A real service stays until SIGTERM.
await once(server.listen(0, '127.0.0.1'), 'listening')
const { port } = server.address() as AddressInfo
for (const id of [1, 2, 3]) {
  const response = await fetch(`http://127.0.0.1:${port}/orders/${id}`)
  console.log(response.status, await response.text())
}
server.closeAllConnections()
await new Promise((resolve) => server.close(resolve))
const { ok } = await flush(logger, { timeoutMs: 5_000 })
console.log(ok ? 'all delivered' : 'not all delivered')
