import type { LookupAddress } from 'node:dns'
import type { Address } from './address.ts'
import type { Resolution } from './resolution.ts'

/** `node:dns`'s lookup, as far as it is used here. */
export type Getaddrinfo = (
  hostname: string,
  options: { readonly all: true; readonly family: 0 | 6; readonly verbatim: false },
  callback: (error: NodeJS.ErrnoException | null, addresses: readonly LookupAddress[]) => void,
) => void

interface Call {
  readonly start: () => void
  readonly answer: Promise<Resolution>
  started: boolean
  /** Who still wants the answer. */
  waiting: number
}

/** The system does not tell how long an address holds; undici's DNS interceptor takes as long. */
const systemTtlMs = 10_000

/**
 * All calls of the system's getaddrinfo from this thread, one at a time: each takes a thread of the pool that the whole process
 * shares, and two that hang hold up the lookups of the application (measured: 10 s for a name of the hosts file).
 */
const calls = new Map<string, Call>()

/** Whether a call is under way, or waits for its turn. */
export function isSystemBusy(): boolean {
  return calls.size > 0
}

/**
 * The answer of the system, or one that is on its way already for the same name. Never rejects; can take long.
 * `leave` says that the answer is no longer wanted: a call that has not begun then never does.
 */
export function askSystem(
  name: string,
  family: 0 | 6,
  getaddrinfo: Getaddrinfo,
): { readonly answer: Promise<Resolution>; leave(): void } {
  const key = `${family} ${name}`
  const call = calls.get(key) ?? enlist(key, name, family, getaddrinfo)
  call.waiting++
  return {
    answer: call.answer,
    leave: () => {
      call.waiting--
      if (call.waiting === 0 && !call.started) calls.delete(key)
    },
  }
}

function enlist(key: string, name: string, family: 0 | 6, getaddrinfo: Getaddrinfo): Call {
  let start = (): void => undefined
  const answer = new Promise<Resolution>((resolve) => {
    const end = (resolution: Resolution): void => {
      calls.delete(key)
      resolve(resolution)
      startNext()
    }
    start = () => {
      try {
        getaddrinfo(name, { all: true, family, verbatim: false }, (error, addresses) =>
          end(error === null ? found(name, addresses) : failed(error)),
        )
      } catch (error) {
        // A name that getaddrinfo does not take.
        end(failed(error instanceof Error ? error : new Error(String(error))))
      }
    }
  })
  const call: Call = { start, answer, started: false, waiting: 0 }
  calls.set(key, call)
  startNext()
  return call
}

function startNext(): void {
  const [first] = calls.values()
  if (first === undefined || [...calls.values()].some(({ started }) => started)) return
  first.started = true
  first.start()
}

function found(name: string, list: readonly LookupAddress[]): Resolution {
  const addresses = list.map(
    ({ address, family }): Address => ({ address, family: family === 6 ? 6 : 4 }),
  )
  if (addresses.length > 0) return { kind: 'found', addresses, ttlMs: systemTtlMs }
  const message = `getaddrinfo ENOTFOUND ${name}`
  return { kind: 'missing', ttlMs: undefined, code: 'ENOTFOUND', message, syscall: 'getaddrinfo' }
}

function failed(error: NodeJS.ErrnoException): Resolution {
  const { code = 'EAI_FAIL', message } = error
  const failure = { code, message, syscall: 'getaddrinfo' } as const
  return code === 'ENOTFOUND'
    ? { kind: 'missing', ttlMs: undefined, ...failure }
    : { kind: 'failed', ...failure }
}
