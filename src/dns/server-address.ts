import { isIP } from 'node:net'

/** Where a name server listens. */
export interface ServerAddress {
  readonly host: string
  readonly port: number
}

const usualPort = 53

/** Reads `10.0.0.10`, `10.0.0.10:5353`, `fd00::10`, `fe80::1%eth0` or `[fd00::10]:5353`; undefined for anything else. */
export function parseServer(text: string, port = usualPort): ServerAddress | undefined {
  if (isIP(text) !== 0) return { host: text, port }
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::([0-9]{1,5}))?$/.exec(text)
  if (match === null) return undefined
  const [, inBrackets, plain, digits] = match
  const host = inBrackets ?? plain ?? ''
  if (isIP(host) !== (inBrackets === undefined ? 4 : 6)) return undefined
  const given = digits === undefined ? port : Number(digits)
  return given >= 1 && given <= 65_535 ? { host, port: given } : undefined
}

/** As `parseServer` reads it; the usual port goes without saying. */
export function showServer({ host, port }: ServerAddress): string {
  if (port === usualPort) return host
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}
