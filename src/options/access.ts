import { basicAuth, sameAuth } from './auth.ts'
import type { Checked } from './check.ts'
import { wrong } from './check.ts'
import type { Environment } from './environment.ts'
import { authOfEnvironment, environmentNames, nodesOfEnvironment } from './environment.ts'
import type { NodeUrl } from './node-url.ts'
import type { OptionFault } from './option-fault.ts'
import type { GivenOptions } from './option-table.ts'
import type { Auth } from './resolved-options.ts'

/** Not `localhost`: that may be ::1 first, and cost a name lookup. */
const defaultNode = 'http://127.0.0.1:9200'

/** Where to send, and who says so. */
export interface Access {
  readonly nodes: readonly string[]
  readonly auth?: Auth
}

/** Whether an option was given at all, right or wrong. */
export type IsGiven = (name: keyof GivenOptions) => boolean

interface Target {
  readonly nodes: readonly NodeUrl[]
  readonly isOption: boolean
  readonly faults: readonly OptionFault[]
}

function targetOf(given: GivenOptions, isGiven: IsGiven, env: Environment): Target {
  if (isGiven('cloud')) {
    return {
      nodes: given.cloud === undefined ? [] : [{ path: 'cloud.id', url: given.cloud }],
      isOption: true,
      faults: isGiven('node') ? wrong('cloud', 'either cloud or node', 'both').faults : [],
    }
  }
  if (isGiven('node')) return { nodes: given.node ?? [], isOption: true, faults: [] }
  const found = nodesOfEnvironment(env)
  if (found === undefined) {
    return { nodes: [{ path: 'node', url: defaultNode }], isOption: false, faults: [] }
  }
  return { nodes: found.value ?? [], isOption: false, faults: found.faults }
}

/** The credentials that stand in URLs. One pair serves all nodes: the client knows no other. */
function authOfUrls(nodes: readonly NodeUrl[]): Checked<Auth> {
  const found = nodes.flatMap(({ path, credentials }) =>
    credentials === undefined ? [] : [{ path, auth: basicAuth(credentials) }],
  )
  const [first] = found
  const others = first === undefined ? [] : found.filter(({ auth }) => !sameAuth(auth, first.auth))
  return {
    value: first?.auth,
    faults: others.flatMap(
      ({ path }) => wrong(path, 'the same credentials in every URL', 'others').faults,
    ),
  }
}

/** Credentials said outright, and those of URLs beside them. */
function unite(said: Auth | undefined, inUrls: Checked<Auth>, path: string): Checked<Auth> {
  const differ = said !== undefined && inUrls.value !== undefined && !sameAuth(said, inUrls.value)
  const faults = differ
    ? wrong(path, 'the credentials that stand in the node URL, or none there', 'others').faults
    : []
  return { value: said ?? inUrls.value, faults: [...inUrls.faults, ...faults] }
}

const nothing: Checked<Auth> = { value: undefined, faults: [] }

function authOf(
  given: GivenOptions,
  isGiven: IsGiven,
  target: Target,
  env: Environment,
): Checked<Auth> {
  const inUrls = authOfUrls(target.nodes)
  const inOptionUrls = target.isOption ? inUrls : nothing
  const hasHeader = Object.hasOwn(given.headers ?? {}, 'authorization')
  const isSaid = isGiven('auth') || inOptionUrls.value !== undefined
  if (isSaid || hasHeader) {
    const { value, faults } = unite(given.auth, inOptionUrls, 'auth')
    const twice =
      isSaid && hasHeader
        ? wrong('headers.authorization', 'either auth or this header', 'both').faults
        : []
    return { value, faults: [...faults, ...twice] }
  }
  const ofEnvironment = authOfEnvironment(env) ?? nothing
  const { value, faults } = unite(ofEnvironment.value, inUrls, environmentNames.node)
  return { value, faults: [...ofEnvironment.faults, ...faults] }
}

/**
 * Nodes and credentials, from the options or, where these say nothing, from the environment. Credentials of the options
 * (`auth`, a URL, an `authorization` header) go before all of the environment.
 */
export function resolveAccess(
  given: GivenOptions,
  isGiven: IsGiven,
  env: Environment,
): { readonly access: Access; readonly faults: readonly OptionFault[] } {
  const target = targetOf(given, isGiven, env)
  const { value: auth, faults } = authOf(given, isGiven, target, env)
  const nodes = [...new Set(target.nodes.map(({ url }) => url))]
  return {
    access: auth === undefined ? { nodes } : { nodes, auth },
    faults: [...target.faults, ...faults],
  }
}
