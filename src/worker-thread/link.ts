import { parentPort } from 'node:worker_threads'
import type { Reply, Request } from '../core/thread-messages.ts'
import { replyEvent, selfLogEvent } from '../core/thread-messages.ts'
import type { PinoConfig, ShipperCore } from '../shipper/index.ts'

/** Our transports in this worker: with `targets` there may be several behind one port. */
const members = new Set<ShipperCore>()
/** Requests come again until they are acknowledged. */
const seen = new Set<number>()
const mostSeen = 1_000
let listening = false
let pinoConfig: PinoConfig | undefined

/** Lets a transport be asked from the application's thread. Gives the way out. */
export function join(shipper: ShipperCore): () => void {
  members.add(shipper)
  if (pinoConfig !== undefined) shipper.setPinoConfig(pinoConfig)
  if (!listening) {
    listening = true
    setImmediate(listen, 0)
  }
  return () => {
    members.delete(shipper)
  }
}

/** Emits an event on the stream that `pino.transport()` gave to the application. */
export function answer(name: string, argument: unknown): void {
  parentPort?.postMessage({ code: 'EVENT', name, args: [argument] })
}

/**
 * Listens, but not first: the first listener starts the port, and another transport in this worker that still
 * waits for pino's configuration would miss it. thread-stream listens when all of them are there.
 */
function listen(tries: number): void {
  if (parentPort === null) return
  if (parentPort.listenerCount('message') === 0 && tries < 10_000) {
    setTimeout(listen, 1, tries + 1).unref()
    return
  }
  parentPort.on('message', onMessage)
}

function onMessage(message: unknown): void {
  if (isPinoConfig(message)) {
    pinoConfig = configOf(message.config)
    for (const member of members) member.setPinoConfig(pinoConfig)
    return
  }
  if (!isRequest(message)) return
  answer(replyEvent, { id: message.id } satisfies Reply)
  if (seen.has(message.id)) return
  seen.add(message.id)
  if (seen.size > mostSeen) seen.delete(Math.min(...seen))
  void respond(message)
}

async function respond(request: Request): Promise<void> {
  const results = await Promise.all([...members].map((member) => perform(member, request)))
  answer(replyEvent, { id: request.id, results } satisfies Reply)
}

function perform(member: ShipperCore, { op, options }: Request): unknown {
  switch (op) {
    case 'flush':
      return member.flush(options)
    case 'close':
      return member.close(options)
    case 'stats':
      return member.stats()
    case 'replay':
      for (const event of member.replay()) answer(selfLogEvent, event)
      return null
  }
}

function isRequest(message: unknown): message is Request {
  return isObject(message) && message['code'] === 'LOUDSINK' && typeof message['id'] === 'number'
}

function isPinoConfig(message: unknown): message is { readonly config: unknown } {
  return isObject(message) && message['code'] === 'PINO_CONFIG'
}

/** pino's own shape: https://github.com/pinojs/pino/blob/main/pino.js, `PINO_CONFIG`. */
function configOf(config: unknown): PinoConfig {
  if (!isObject(config)) return {}
  const { messageKey, levels } = config
  const values = isObject(levels) && isObject(levels['values']) ? levels['values'] : undefined
  return {
    ...(typeof messageKey === 'string' && { messageKey }),
    ...(values !== undefined && { levels: values as Record<string, number> }),
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
