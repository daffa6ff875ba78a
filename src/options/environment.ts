import { checkAuth } from './auth.ts'
import type { Checked } from './check.ts'
import { checkIndexName } from './index-name.ts'
import type { NodeUrl } from './node-url.ts'
import { parseNodeList } from './nodes.ts'
import type { Auth } from './resolved-options.ts'

/** The variables that are read, each only where the option is not given. */
export const environmentNames = {
  /** One URL, or several with commas between. */
  node: 'PINO_LOUDSINK_NODE',
  index: 'PINO_LOUDSINK_INDEX',
  apiKey: 'PINO_LOUDSINK_API_KEY',
  username: 'PINO_LOUDSINK_USERNAME',
  password: 'PINO_LOUDSINK_PASSWORD',
} as const

/** As `process.env` is. */
export type Environment = Readonly<Record<string, string | undefined>>

/** An empty variable counts as not set: deployment files often cannot leave one out. */
function read(env: Environment, name: string): string | undefined {
  const value = env[name]
  return typeof value === 'string' && value.trim() !== '' ? value : undefined
}

/** Nodes of the environment; undefined if it names none. */
export function nodesOfEnvironment(env: Environment): Checked<readonly NodeUrl[]> | undefined {
  const list = read(env, environmentNames.node)
  return list === undefined ? undefined : parseNodeList(list, environmentNames.node)
}

export function indexOfEnvironment(env: Environment): Checked<string> | undefined {
  const index = read(env, environmentNames.index)
  return index === undefined ? undefined : checkIndexName(index.trim(), environmentNames.index)
}

/** Credentials of the environment, judged as the option `auth` is. */
export function authOfEnvironment(env: Environment): Checked<Auth> | undefined {
  const apiKey = read(env, environmentNames.apiKey)?.trim()
  const username = read(env, environmentNames.username)
  const password = read(env, environmentNames.password)
  if (apiKey === undefined && username === undefined && password === undefined) return undefined
  const { value, faults } = checkAuth({ apiKey, username, password }, 'auth')
  const variables = new Map<string, string>([
    ['auth', environmentNames.apiKey],
    ['auth.apiKey', environmentNames.apiKey],
    ['auth.username', environmentNames.username],
    ['auth.password', environmentNames.password],
  ])
  return {
    value,
    faults: faults.map((fault) => ({ ...fault, path: variables.get(fault.path) ?? fault.path })),
  }
}
