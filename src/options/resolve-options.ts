import { resolveAccess } from './access.ts'
import { wrong } from './check.ts'
import { withDefaults } from './defaults.ts'
import type { Environment } from './environment.ts'
import { indexOfEnvironment } from './environment.ts'
import type { Where } from './judge-together.ts'
import { judgeTogether } from './judge-together.ts'
import type { OptionFault } from './option-fault.ts'
import { checkOptions } from './option-table.ts'
import { givenOf } from './plain-data.ts'
import type { ResolvedOptions } from './resolved-options.ts'
import { kindOf } from './show-value.ts'

export type Resolution =
  | { readonly ok: true; readonly options: ResolvedOptions }
  | { readonly ok: false; readonly faults: readonly OptionFault[] }

/** What pino and thread-stream add to the options of a worker. */
const addedByPino: ReadonlySet<string> = new Set(['$context', 'pinoWillSendConfig'])

/** pino-elasticsearch's names that mean nothing here. */
const meaningless: ReadonlySet<string> = new Set([
  'type',
  'esVersion',
  'op_type',
  'Connection',
  'ConnectionPool',
  'flush-bytes',
  'flush-interval',
  'es-version',
  'bulk-size',
])

/** `op_type: 'create'` says what happens anyway. */
function isIgnored(name: string, value: unknown): boolean {
  return meaningless.has(name) && !(name === 'op_type' && value === 'create')
}

/**
 * Judges options as the user wrote them, and fills in defaults. `undefined` stands for no options, and as a value for
 * one that is not given. Pure, and never throws, whatever `input` is. All faults come at once, none of them shows a
 * secret.
 *
 * `env` is asked for what `environmentNames` lists, where the option is not given.
 */
export function resolveOptions(input: unknown, env: Environment, where: Where): Resolution {
  const properties = givenOf(input === undefined ? {} : input)
  if (properties === undefined) {
    return { ok: false, faults: wrong('options', 'an object', kindOf(input)).faults }
  }
  const own = [...properties].filter(([name]) => !addedByPino.has(name))
  const ignored = own.filter(([name, value]) => isIgnored(name, value)).map(([name]) => name)
  const named = new Map(own.filter(([name]) => !meaningless.has(name)))

  const { value: given = {}, faults: single } = checkOptions(Object.fromEntries(named), '')
  const { access, faults: ofAccess } = resolveAccess(given, (name) => named.has(name), env)
  const index = named.has('index') ? undefined : indexOfEnvironment(env)
  const settings = withDefaults(given, index?.value)
  const alone = [...single, ...ofAccess, ...(index?.faults ?? [])]
  const together = judgeTogether({ given, settings, nodes: access.nodes, where }, alone)

  const faults = [...alone, ...together]
  return faults.length > 0
    ? { ok: false, faults }
    : { ok: true, options: { ...access, ...settings, ignored } }
}
