/** Names that pino tells a transport after its start. */
export interface PinoConfig {
  readonly messageKey?: string
  /** Label to number. */
  readonly levels?: Readonly<Record<string, number>>
}

/**
 * What pino says about itself in this `message`; undefined for any other message. The shape is pino's own:
 * https://github.com/pinojs/pino/blob/main/pino.js, `PINO_CONFIG`.
 */
export function readPinoConfig(message: unknown): PinoConfig | undefined {
  if (!isObject(message) || message['code'] !== 'PINO_CONFIG') return undefined
  const { config } = message
  if (!isObject(config)) return {}
  const { messageKey, levels } = config
  const values = isObject(levels) && isObject(levels['values']) ? levels['values'] : undefined
  return {
    ...(typeof messageKey === 'string' && { messageKey }),
    ...(values !== undefined && { levels: values as Record<string, number> }),
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
