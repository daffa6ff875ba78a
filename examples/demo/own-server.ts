import { randomBytes } from 'node:crypto'
import { isIP } from 'node:net'
import process from 'node:process'
import type { DemoServer, ServerCount } from './demo-server.ts'
import { TcpProxy } from './tcp-proxy.ts'

const answerTimeoutMs = 10_000
/** Elasticsearch gives no more hits at once. */
const mostHits = 10_000

/**
 * The user's own Elasticsearch, reached through a proxy of ours: the proxy is what goes away. Rejects when the
 * server does not answer.
 */
export async function openOwnServer(nodes: string): Promise<DemoServer> {
  const node = parseNode(nodes)
  const index = `loudsink-demo-${randomBytes(4).toString('hex')}`
  const ask = createAsk(node)
  await ask('GET', '/_cluster/health?filter_path=status')
  const secure = node.protocol === 'https:'
  const port = Number(node.port || (secure ? 443 : 80))
  const proxy = await TcpProxy.open(node.hostname.replace(/^\[|\]$/g, ''), port)
  const url = new URL(node)
  url.hostname = '127.0.0.1'
  url.port = String(proxy.port)
  return {
    name: `${node.host}, yours, through a TCP proxy of the demo; index ${index}`,
    serviceEnvironment: {
      PINO_LOUDSINK_NODE: url.href,
      PINO_LOUDSINK_INDEX: index,
      ...(secure && isIP(node.hostname) === 0 && { DEMO_SERVERNAME: node.hostname }),
    },
    takeAway: () => proxy.down(),
    bringBack: () => proxy.up(),
    count: (logged) => countIn(index, logged, ask),
    close: async () => {
      await proxy.down()
      return [await remove(index, ask)]
    },
  }
}

type Ask = (method: string, path: string, body?: object) => Promise<unknown>

function parseNode(nodes: string): URL {
  const [first = ''] = nodes.split(',')
  if (!URL.canParse(first.trim())) throw new Error('PINO_LOUDSINK_NODE is not a URL')
  return new URL(first.trim())
}

/** Requests to the server itself, past the proxy. */
function createAsk(node: URL): Ask {
  const base = `${node.protocol}//${node.host}${node.pathname.replace(/\/+$/, '')}`
  const authorization = authorizationFor(node)
  return async (method, path, body) => {
    const response = await fetch(base + path, {
      method,
      headers: { 'content-type': 'application/json', ...authorization },
      signal: AbortSignal.timeout(answerTimeoutMs),
      ...(body && { body: JSON.stringify(body) }),
    }).catch((error: unknown) => {
      throw new Error(`${node.host} does not answer: ${reasonOf(error)}`, { cause: error })
    })
    if (response.ok) return await response.json()
    throw new Error(`${node.host} answered ${response.status} to ${method} ${path}`)
  }
}

/** The same sources as the transport's: the URL, then the environment. */
function authorizationFor(node: URL): Record<string, string> {
  const { PINO_LOUDSINK_API_KEY: key, PINO_LOUDSINK_USERNAME, PINO_LOUDSINK_PASSWORD } = process.env
  if (node.username === '' && key) return { authorization: `ApiKey ${key}` }
  const username = decodeURIComponent(node.username) || PINO_LOUDSINK_USERNAME
  const password = decodeURIComponent(node.password) || PINO_LOUDSINK_PASSWORD
  if (!username) return {}
  const pair = Buffer.from(`${username}:${password ?? ''}`).toString('base64')
  return { authorization: `Basic ${pair}` }
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error
  return cause instanceof Error ? cause.message : String(cause)
}

async function countIn(index: string, logged: number, ask: Ask): Promise<ServerCount> {
  await ask('POST', `/${index}/_refresh`)
  const { count } = (await ask('GET', `/${index}/_count`)) as { count: number }
  const found = (await ask('POST', `/${index}/_search?size=${mostHits}`, { _source: ['seq'] })) as {
    hits: { hits: readonly { _source: { seq: number } }[] }
  }
  const times = new Map<number, number>()
  for (const { _source } of found.hits.hits) {
    times.set(_source.seq, (times.get(_source.seq) ?? 0) + 1)
  }
  const copies = [...times.values()].filter((n) => n > 1).length
  return { documents: count, lost: logged - times.size, copies }
}

async function remove(index: string, ask: Ask): Promise<string> {
  try {
    await ask('DELETE', `/${index}`)
    return `The index ${index} is deleted again.`
  } catch (error) {
    return `The index ${index} is left there: ${reasonOf(error)}.`
  }
}
