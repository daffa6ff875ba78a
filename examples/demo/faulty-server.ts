import { createFaultyElasticsearch } from 'pino-loudsink/testing'
import type { DemoServer } from './demo-server.ts'

const index = 'logs-demo-default'

/** The Elasticsearch of `pino-loudsink/testing`, in this process. */
export async function openFaultyServer(): Promise<DemoServer> {
  const server = await createFaultyElasticsearch()
  return {
    name: `${server.url}, a small one made for tests, in this process`,
    serviceEnvironment: { PINO_LOUDSINK_NODE: server.url, PINO_LOUDSINK_INDEX: index },
    takeAway: () => server.down(),
    bringBack: () => server.up(),
    count: async (logged) => {
      const response = await fetch(`${server.url}/${index}/_count`)
      const { count } = (await response.json()) as { count: number }
      const { lost, copies } = server.oracle({ expected: logged })
      return { documents: count, lost: lost.length, copies: copies.length }
    },
    close: async () => {
      await server.close()
      return ['Set PINO_LOUDSINK_NODE to see the same with an Elasticsearch of yours.']
    },
  }
}
