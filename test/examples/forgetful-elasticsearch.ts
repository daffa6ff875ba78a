import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

export interface ForgetfulElasticsearch {
  readonly url: string
  close(): void
}

/** Says 201 to every document, and forgets the first one. No transport can notice. */
export async function createForgetfulElasticsearch(): Promise<ForgetfulElasticsearch> {
  const kept: object[] = []
  const store = (body: string): object => {
    const documents = body
      .trimEnd()
      .split('\n')
      .filter((_, i) => i % 2 === 1)
      .map((line) => JSON.parse(line) as object)
    kept.push(...documents)
    return { errors: false, items: documents.map(() => ({ create: { status: 201 } })) }
  }
  const answer = async (request: IncomingMessage): Promise<object> => {
    const body = await text(request)
    const path = request.url?.split('?')[0] ?? ''
    if (path.endsWith('/_bulk')) return store(body)
    if (path.endsWith('/_count')) return { count: kept.slice(1).length }
    if (path.endsWith('/_search')) {
      return { hits: { hits: kept.slice(1).map((_source) => ({ _source })) } }
    }
    return {}
  }
  const server = createServer((request, response) => {
    void answer(request).then((json) => {
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify(json))
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}
