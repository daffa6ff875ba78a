import type { LookupFunction, Socket } from 'node:net'
import { isIP, connect as tcpConnect } from 'node:net'
import type { ConnectionOptions } from 'node:tls'
import { TLSSocket, connect as tlsConnect } from 'node:tls'
import type { Clock, Timer } from '../core/platform.ts'
import type { Attempt } from './attempt.ts'
import { isSignedBy } from './ca-fingerprint.ts'
import { TryError, toTryError } from './try-error.ts'

/** How to get to a node. */
export interface Route {
  /** Name or address, IPv6 without brackets. */
  readonly hostname: string
  readonly port: number
  readonly secure: boolean
  readonly tls: ConnectionOptions
  readonly caFingerprint: string | undefined
  readonly lookup: LookupFunction
  readonly connectMs: number
  readonly dnsMs: number
}

/** As undici has it. */
const keepAliveProbeMs = 60_000
/** As undici has it: fewer turns for a long answer than with Node's 16 KiB. */
const tcpHighWaterMark = 65_536
const ignore = (): void => undefined

/**
 * A connected socket, TLS done and checked, or a `TryError`. Deadlines are kept to the millisecond: undici's own
 * timers fire up to a second late.
 */
export function openSocket(
  route: Route,
  attempt: Attempt,
  signal: AbortSignal,
  clock: Clock,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    let socket: Socket | undefined
    let ended = false
    const end = (): void => {
      ended = true
      clock.clearTimeout(timer)
      lookup.stop()
      signal.removeEventListener('abort', onAbort)
      attempt.pause()
    }
    const fail = (error: unknown): void => {
      end()
      reject(toTryError(error, attempt.phase))
      socket?.destroy()
    }
    const done = (opened: Socket): void => {
      end()
      opened.off('error', fail).off('close', onClose).on('error', ignore)
      resolve(opened)
    }
    const onAbort = (): void => fail(signal.reason)
    const onClose = (): void => fail(new TryError('connection_closed', 'closed by the server'))
    const timer = clock.setTimeout(
      () => fail(new TryError('connect_timeout', `no connection within ${route.connectMs} ms`)),
      route.connectMs,
    )
    const lookup = timedLookup(route, attempt, clock, fail)
    signal.addEventListener('abort', onAbort, { once: true })

    attempt.enter(isIP(route.hostname) === 0 ? 'dns' : 'connect')
    try {
      socket = dial(route, lookup.run)
    } catch (error) {
      // Throws on a certificate that is none, or a lookup function that throws.
      fail(error)
      return
    }
    const opening = socket
    opening.on('error', fail).on('close', onClose)
    // A lookup that failed at once, before there was a socket.
    if (ended) opening.destroy()
    opening.once('connect', () => {
      attempt.address = addressOf(opening)
      if (route.secure) attempt.enter('tls')
      else done(opening)
    })
    opening.once('secureConnect', () => {
      const error = distrust(opening, route.caFingerprint)
      if (error === undefined) done(opening)
      else fail(error)
    })
  })
}

function dial(route: Route, lookup: LookupFunction): Socket {
  const where = { host: route.hostname, port: route.port, lookup }
  const plain = { ...where, highWaterMark: tcpHighWaterMark }
  const socket = route.secure
    ? tlsConnect({
        // Node sends no server name by itself; an address is not allowed as one.
        ...(isIP(route.hostname) === 0 && { servername: route.hostname }),
        ...route.tls,
        ...where,
        ALPNProtocols: ['http/1.1'],
      })
    : tcpConnect(plain)
  return socket.setNoDelay(true).setKeepAlive(true, keepAliveProbeMs)
}

/** The route's lookup with a deadline, and a watch: Node's own `lookup` event is missing for names with several addresses. */
function timedLookup(
  route: Route,
  attempt: Attempt,
  clock: Clock,
  fail: (error: unknown) => void,
): { readonly run: LookupFunction; stop(): void } {
  let timer: Timer | undefined
  let waiting = true
  const stop = (): void => {
    waiting = false
    clock.clearTimeout(timer)
  }
  const run: LookupFunction = (hostname, options, callback) => {
    timer = clock.setTimeout(
      () =>
        fail(new TryError('dns_timeout', `no address for ${hostname} within ${route.dnsMs} ms`)),
      route.dnsMs,
    )
    route.lookup(hostname, options, (error, address, family) => {
      if (!waiting) return
      stop()
      if (error !== null || address.length === 0) {
        fail(error ?? new TryError('ENOTFOUND', `no address for ${hostname}`))
        return
      }
      attempt.enter('connect')
      callback(null, address, family)
    })
  }
  return { run, stop }
}

function distrust(socket: Socket, fingerprint: string | undefined): TryError | undefined {
  if (fingerprint === undefined) return undefined
  const words = 'the certificate is not signed by the authority with the configured fingerprint'
  try {
    if (socket instanceof TLSSocket && isSignedBy(socket, fingerprint)) return undefined
    return new TryError('ca_fingerprint_mismatch', words)
  } catch (error) {
    // A certificate that Node reads and OpenSSL cannot verify.
    return new TryError('ca_fingerprint_mismatch', words, { cause: error })
  }
}

function addressOf(socket: Socket): string {
  const { remoteAddress = '', remotePort = 0 } = socket
  return remoteAddress.includes(':')
    ? `[${remoteAddress}]:${remotePort}`
    : `${remoteAddress}:${remotePort}`
}
