import type { BulkOptions } from './bulk-options.ts'

/** Shorter ones would blot out innocent words. */
const minSecretLength = 4
const minHeaderLength = 8

/** Takes out of a text whatever was meant to be secret: some proxies quote the request that they refuse. */
export type Redact = (text: string) => string

/** A `Redact` for the credentials in `options`, and for the values of the headers, which may be credentials. */
export function createRedact(options: Pick<BulkOptions, 'auth' | 'headers'>): Redact {
  const secrets = [
    ...secretsOf(options.auth).filter((secret) => secret.length >= minSecretLength),
    ...Object.values(options.headers).filter((value) => value.length >= minHeaderLength),
  ].sort((a, b) => b.length - a.length)
  return (text) => secrets.reduce((rest, secret) => rest.replaceAll(secret, '[redacted]'), text)
}

function secretsOf(auth: BulkOptions['auth']): string[] {
  switch (auth?.kind) {
    case undefined:
      return []
    case 'basic':
      return [auth.password, Buffer.from(`${auth.username}:${auth.password}`).toString('base64')]
    case 'apiKey':
      return [auth.apiKey]
    case 'bearer':
      return [auth.token]
  }
}
