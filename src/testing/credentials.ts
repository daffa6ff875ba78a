import type { Answer } from './answer.ts'
import { refusal } from './answer.ts'
import type { Call } from './call.ts'

/** What a client must show. */
export type Auth =
  | { readonly username: string; readonly password: string }
  /** Base64 of `id:key`, as Elasticsearch hands it out. */
  | { readonly apiKey: string }
  | { readonly bearer: string }

const challenges = ['Basic realm="security", charset="UTF-8"', 'Bearer realm="security"', 'ApiKey']

/** 401 with a `security_exception` as Elasticsearch documents it, or undefined when the credentials are right. */
export function refuseStranger(call: Call, auth: Auth | undefined): Answer | undefined {
  if (!auth) return undefined
  const given = call.headers.authorization
  if (given === expected(auth)) return undefined
  const reason =
    given === undefined
      ? `missing authentication credentials for REST request [${call.url}]`
      : `unable to authenticate ${describeUser(given)} for REST request [${call.url}]`
  const answer = refusal(401, {
    type: 'security_exception',
    reason,
    header: { 'WWW-Authenticate': challenges },
  })
  return { ...answer, headers: { ...answer.headers, 'www-authenticate': challenges } }
}

function expected(auth: Auth): string {
  if ('apiKey' in auth) return `ApiKey ${auth.apiKey}`
  if ('bearer' in auth) return `Bearer ${auth.bearer}`
  return `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}`
}

function describeUser(header: string): string {
  const [scheme, value = ''] = header.split(' ')
  if (scheme !== 'Basic') return 'with provided credentials and anonymous access is not allowed'
  const [user] = Buffer.from(value, 'base64').toString().split(':')
  return `user [${user ?? ''}]`
}
