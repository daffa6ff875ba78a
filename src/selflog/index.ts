export type { SelfLogOptions, SelfLogParts } from './loud-self-log.ts'
export { LoudSelfLog } from './loud-self-log.ts'
