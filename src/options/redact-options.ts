import type { ResolvedOptions } from './resolved-options.ts'

const hidden = '***'
const secretTlsNames: ReadonlySet<string> = new Set(['ca', 'cert', 'key', 'passphrase', 'pfx'])

/**
 * The options as plain data for a line of diagnostics, without a secret: of `auth` the kind, of headers the names, of
 * `tls` what is no material; of `fields` the names, since they may be long.
 */
export function redactOptions(options: ResolvedOptions): Record<string, unknown> {
  const { auth, tls, headers, fields, ...rest } = options
  return {
    ...rest,
    ...(auth !== undefined && { auth: { kind: auth.kind } }),
    tls: Object.fromEntries(
      Object.entries(tls).map(([name, value]: [string, unknown]) => [
        name,
        secretTlsNames.has(name) ? hidden : value,
      ]),
    ),
    headers: Object.fromEntries(Object.keys(headers).map((name) => [name, hidden])),
    fields: Object.keys(fields),
  }
}
