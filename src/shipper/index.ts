export { createShipper, openShipper } from './create-shipper.ts'
export type { PinoConfig } from './pino-config.ts'
export { readPinoConfig } from './pino-config.ts'
export type { Shipper, ShipperCore } from './shipper.ts'
