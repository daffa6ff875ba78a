export { NoTransportError } from './carriers.ts'
export { close, flush, onSelfLog, stats } from './helpers.ts'
