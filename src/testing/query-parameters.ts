import type { Answer } from './answer.ts'
import { refusal } from './answer.ts'
import type { Call } from './call.ts'
import { illegalArgument } from './elastic-error.ts'

const common = ['pretty', 'human', 'error_trace', 'filter_path', 'format']
const timePattern = /^(?:-1|0|\d+(?:\.\d+)?(?:nanos|micros|ms|s|m|h|d))$/

/** 400 for a parameter that the endpoint does not know, or for a `timeout` without a unit. */
export function refuseParameters(
  call: Call,
  known: readonly string[],
  refused: readonly string[],
): Answer | undefined {
  const names = [...call.query.keys()]
  const unknown = names.filter(
    (name) => refused.includes(name) || !(known.includes(name) || common.includes(name)),
  )
  if (unknown.length > 0) {
    const list = unknown.map((name) => `[${name}]`).join(', ')
    const plural = unknown.length > 1 ? 's' : ''
    const reason = `request [${call.path}] contains unrecognized parameter${plural}: ${list}`
    return refusal(400, illegalArgument(reason))
  }
  const timeout = call.query.get('timeout')
  if (timeout === undefined || timePattern.test(timeout)) return undefined
  return refusal(
    400,
    illegalArgument(
      `failed to parse setting [timeout] with value [${timeout}] as a time value: unit is missing or unrecognized`,
    ),
  )
}

/** A parameter that is on when it is there, unless it says `false`. */
export function flag(call: Call, name: string): boolean {
  const value = call.query.get(name)
  return value !== undefined && value !== 'false'
}
