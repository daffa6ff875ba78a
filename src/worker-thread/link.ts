import type { MessagePort } from 'node:worker_threads'
import { parentPort, receiveMessageOnPort } from 'node:worker_threads'
import type { Reply, Request } from '../core/thread-messages.ts'
import { replyEvent, selfLogEvent } from '../core/thread-messages.ts'
import type { PinoConfig, ShipperCore } from '../shipper/index.ts'
import { readPinoConfig } from '../shipper/index.ts'

/** Our transports in this worker: with `targets` there may be several behind one port. */
const members = new Set<ShipperCore>()
/** Requests come again until they are acknowledged. */
const seen = new Set<number>()
const mostSeen = 1_000
let hasJoined = false
let isHearing = false
let pinoConfig: PinoConfig | undefined

/** Lets a transport be asked from the application's thread. Gives the way out. */
export function join(shipper: ShipperCore): () => void {
  members.add(shipper)
  if (pinoConfig !== undefined) shipper.setPinoConfig(pinoConfig)
  if (!hasJoined && parentPort !== null) {
    hasJoined = true
    listenWithOthers(parentPort)
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
 * Hears what pino says about itself before any line of that logger: it is sent first, but may not have been handed
 * out yet when the first line is read from the shared memory.
 */
export function hearWhatWaits(): void {
  if (parentPort === null || !isHearing) return
  const port = parentPort
  for (let waits = receiveMessageOnPort(port); waits; waits = receiveMessageOnPort(port)) {
    const message: unknown = waits.message
    if (readPinoConfig(message) !== undefined) port.emit('message', message)
    // In their order, but after the line in hand: a barrier among them stands behind it.
    else setImmediate(() => port.emit('message', message))
  }
}

/**
 * Listens together with the first that does, thread-stream at the latest. Not before: the first listener starts the
 * port, and another transport in this worker that is still loading would miss what pino says to all. Not after: what
 * pino has said by then is handed out at once.
 */
function listenWithOthers(port: MessagePort): void {
  if (port.listenerCount('message') > 0) {
    listen(port)
    return
  }
  const before = Object.getOwnPropertyDescriptor(port, 'on')
  const on: MessagePort['on'] = (...args) => {
    if (before === undefined) Reflect.deleteProperty(port, 'on')
    else Object.defineProperty(port, 'on', before)
    port.on(...args)
    listenWithOthers(port)
    return port
  }
  Object.defineProperty(port, 'on', { value: on, configurable: true, writable: true })
}

function listen(port: MessagePort): void {
  isHearing = true
  port.on('message', onMessage)
}

function onMessage(message: unknown): void {
  const config = readPinoConfig(message)
  if (config !== undefined) {
    pinoConfig = config
    for (const member of members) member.setPinoConfig(config)
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

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
