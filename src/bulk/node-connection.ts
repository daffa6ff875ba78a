import { BaseConnection } from '@elastic/elasticsearch'
import { Attempt } from './attempt.ts'
import type { NodeSockets } from './node-sockets.ts'

type BaseRequest = typeof BaseConnection.prototype.request
type RequestParams = Parameters<BaseRequest>[0]
type RequestOptions = Parameters<BaseRequest>[1]
type StreamResponse = Awaited<ReturnType<BaseRequest>>
type BytesResponse = Omit<StreamResponse, 'body'> & { body: string | Buffer }

/**
 * The Elastic client's connection class for one node, over `sockets`. Each request must bring its `Attempt` in the
 * context and be made with `asStream`: then the client passes the bytes of the answer on as they are.
 */
export function createNodeConnection(sockets: NodeSockets, prefix: string): typeof BaseConnection {
  return class NodeConnection extends BaseConnection {
    override request(
      params: RequestParams,
      options: Omit<RequestOptions, 'asStream'>,
    ): Promise<BytesResponse>
    override request(params: RequestParams, options: RequestOptions): Promise<StreamResponse>
    override async request(
      params: RequestParams,
      { context, signal }: Omit<RequestOptions, 'asStream'>,
    ): Promise<BytesResponse | StreamResponse> {
      const attempt = attemptIn(context)
      if (attempt === undefined || !Buffer.isBuffer(params.body) || signal === undefined) {
        throw new TypeError('made for bulk requests only')
      }
      const query = params.querystring ? `?${params.querystring}` : ''
      const request = {
        method: params.method,
        path: `${prefix}${params.path}${query}`,
        headers: { ...this.headers, ...params.headers },
        body: params.body,
      }
      return sockets.send(request, attempt, signal)
    }

    override close(): Promise<void> {
      return sockets.close()
    }
  }
}

function attemptIn(context: unknown): Attempt | undefined {
  if (typeof context !== 'object' || context === null || !('attempt' in context)) return undefined
  return context.attempt instanceof Attempt ? context.attempt : undefined
}
