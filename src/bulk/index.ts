export type { BulkAuth, BulkOptions, BulkTimeouts, BulkTlsOptions } from './bulk-options.ts'
export { createBulk } from './create-bulk.ts'
