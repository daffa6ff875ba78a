export type { CourierOptions, CourierParts } from './courier.ts'
export { Courier } from './courier.ts'
