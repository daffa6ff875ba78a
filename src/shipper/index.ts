export { createShipper, openShipper } from './create-shipper.ts'
export type { PinoConfig, Shipper, ShipperCore } from './shipper.ts'
