/**
 * A mutating admission webhook in plain Node: answers `POST /mutate` with `review()`, and `GET /healthz`.
 *
 *     TLS_CERT=tls.crt TLS_KEY=tls.key PORT=8443 node server.ts
 *
 * Whatever goes wrong, the pod is let through: here, and by `failurePolicy: Ignore` where no answer comes.
 */
import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import process from 'node:process'
import { review } from './review.ts'

/** Objects in the API server are below 1.5 MiB (etcd's limit); a review holds one, or two. */
const maxBytes = 4 * 1024 * 1024
/** cert-manager renews the files; kubelet brings them here within a minute or two. */
const rereadMs = 60_000

const readTls = () => ({
  cert: readFileSync(process.env['TLS_CERT'] ?? '/tls/tls.crt'),
  key: readFileSync(process.env['TLS_KEY'] ?? '/tls/tls.key'),
})

/** Undefined for a body that is too long or is not JSON: `review` lets it through. */
async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    const part = Buffer.from(chunk as Uint8Array)
    bytes += part.length
    if (bytes <= maxBytes) chunks.push(part)
  }
  if (bytes > maxBytes) return undefined
  try {
    return JSON.parse(Buffer.concat(chunks).toString()) as unknown
  } catch {
    return undefined
  }
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.url === '/healthz') {
    response.end('ok\n')
    return
  }
  // The API server adds `?timeout=2s`.
  if (request.method !== 'POST' || request.url?.split('?')[0] !== '/mutate') {
    response.writeHead(404).end()
    return
  }
  const body = JSON.stringify(review(await readJson(request)))
  response.writeHead(200, { 'content-type': 'application/json' }).end(body)
}

const server = createServer(readTls(), (request, response) => {
  answer(request, response).catch((error: unknown) => {
    console.error('a request broke off:', error)
    response.destroy()
  })
})

const reread = setInterval(() => {
  try {
    server.setSecureContext(readTls())
  } catch (error) {
    console.error('the certificate could not be read again, the old one stays:', error)
  }
}, rereadMs)

server.listen(Number(process.env['PORT'] ?? 8443), () => {
  const address = server.address()
  console.log(`listening on port ${typeof address === 'object' ? address?.port : address}`)
})

process.once('SIGTERM', () => {
  clearInterval(reread)
  server.close()
  server.closeIdleConnections()
})
