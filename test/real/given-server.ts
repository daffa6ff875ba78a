import process from 'node:process'
import { exchange } from './exchange.ts'
import { authorization, ServerClient } from './server-client.ts'

/**
 * The server of the user's own that `PINO_LOUDSINK_TEST_NODE` names (its URL may hold name and password), or
 * undefined when the variable is not set. Rejects when that server does not answer.
 */
export async function givenServer(
  env: NodeJS.ProcessEnv = process.env,
): Promise<ServerClient | undefined> {
  const named = env['PINO_LOUDSINK_TEST_NODE']
  if (named === undefined || named === '') return undefined
  const at = new URL(named)
  const credentials =
    at.username === ''
      ? {}
      : {
          credentials: {
            username: decodeURIComponent(at.username),
            password: decodeURIComponent(at.password),
          },
        }
  const url = `${at.protocol}//${at.host}${at.pathname.replace(/\/$/, '')}`
  // Not `GET /`, which a node without its main REST module does not answer.
  const received = await exchange('GET', `${url}/_nodes/_local?filter_path=nodes.*.version`, {
    headers: authorization(credentials.credentials),
    timeoutMs: 10_000,
  }).catch((error: unknown) => {
    throw new Error(`PINO_LOUDSINK_TEST_NODE: ${at.host} does not answer`, { cause: error })
  })
  if (received.status !== 200) {
    throw new Error(`PINO_LOUDSINK_TEST_NODE: ${at.host} answered ${received.status}`)
  }
  const kind =
    received.headers['x-opensearch-version'] === undefined ? 'elasticsearch' : 'opensearch'
  const { nodes } = JSON.parse(received.body.toString()) as {
    nodes: Record<string, { version: string }>
  }
  const version = Object.values(nodes)[0]?.version ?? 'unknown'
  return new ServerClient({ url, kind, version, ...credentials })
}
