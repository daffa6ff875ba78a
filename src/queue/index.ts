export type { Drops } from './drop-tally.ts'
export type { QueueOptions, QueueParts } from './memory-queue.ts'
export { MemoryQueue } from './memory-queue.ts'
