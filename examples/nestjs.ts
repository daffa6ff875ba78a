/**
 * NestJS with nestjs-pino. The decorators are written as the plain calls that they are (`@Module({…})` is
 * `Module({…})(AppModule)`), so that this file runs without a compiler step; in your project use `@`.
 */
import 'reflect-metadata'
import { Controller, Get, Inject, Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { Logger, LoggerModule, PinoLogger } from 'nestjs-pino'
import type { ShipperOptions } from 'pino-loudsink'
import { flush, onSelfLog } from 'pino-loudsink'

const options: ShipperOptions = {
  node: process.env.PINO_LOUDSINK_NODE ?? 'http://127.0.0.1:9200',
  index: 'logs-shop-default',
}

class OrdersController {
  readonly #log: PinoLogger
  constructor(log: PinoLogger) {
    this.#log = log
  }

  list(): { orders: number } {
    this.#log.info({ orders: 2 }, 'orders listed')
    return { orders: 2 }
  }
}
Inject(PinoLogger)(OrdersController, undefined, 0)
Get()(
  OrdersController.prototype,
  'list',
  Object.getOwnPropertyDescriptor(OrdersController.prototype, 'list') ?? {},
)
Controller('orders')(OrdersController)

// #region module
// The path instead of the name: pino resolves a name from nestjs-pino's folder, where pnpm shows no other package.
const target = import.meta.resolve('pino-loudsink')

class AppModule {}
Module({
  imports: [LoggerModule.forRoot({ pinoHttp: { transport: { target, options } } })],
  controllers: [OrdersController],
})(AppModule)

const app = await NestFactory.create(AppModule, { bufferLogs: true })
const logger = app.get(Logger)
app.useLogger(logger)
onSelfLog(logger, (event) => console.log(`self-log: ${event.code}`))
// #endregion

// One request to ourselves, then the end. A real service stays until SIGTERM.
await app.listen(0, '127.0.0.1')
console.log(await (await fetch(`${await app.getUrl()}/orders`)).json())
await app.close()
const { ok } = await flush(logger, { timeoutMs: 5_000 })
console.log(ok ? 'all delivered' : 'not all delivered')
