import type { Json } from '../core/json.ts'

/** Longer lines go to the sink as too long. */
export const defaultMaxLineBytes = 10 * 1024 * 1024
/** How much of a line that is too long is kept. */
export const defaultHeadBytes = 64 * 1024

/** pino's own levels, https://github.com/pinojs/pino/blob/main/docs/api.md#logger-level */
export const defaultLevels: Readonly<Record<string, number>> = {
  trace: 10,
  debug: 20,
  info: 30,
  warn: 40,
  error: 50,
  fatal: 60,
}

export interface FramerOptions {
  /** Data stream or index; each `%{DATE}` becomes the UTC day of the line, `yyyy-MM-dd`. */
  readonly index: string
  readonly format: 'pino' | 'ecs'
  /** Added to every document behind `@timestamp`. The line's own keys win; `@timestamp` among them is left out. */
  readonly fields: Readonly<Record<string, Json>>
  /** As given to pino, here and below. Default `time`. */
  readonly timestampKey?: string | undefined
  /** Default: what pino tells, else `msg`. */
  readonly messageKey?: string | undefined
  /** Default `level`. */
  readonly levelKey?: string | undefined
  /** Label to number, beside pino's own. Default: what pino tells. */
  readonly levels?: Readonly<Record<string, number>> | undefined
  /** Default 10 MiB. */
  readonly maxLineBytes?: number | undefined
  /** Default 64 KiB. */
  readonly headBytes?: number | undefined
}

/** What pino tells its transport about itself, after the start. */
export interface PinoConfig {
  readonly messageKey?: string | undefined
  /** Label to number. */
  readonly levels?: Readonly<Record<string, number>> | undefined
}
