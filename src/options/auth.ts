import type { Check } from './check.ts'
import { wrong } from './check.ts'
import { secret } from './checks.ts'
import type { Credentials } from './credentials.ts'
import { isPassword, isToken, isUsername } from './credentials.ts'
import type { Values } from './group.ts'
import { group } from './group.ts'
import { notAvailableYet } from './not-available-yet.ts'
import type { OptionFault } from './option-fault.ts'
import { givenOf, propertiesOf } from './plain-data.ts'
import type { Auth } from './resolved-options.ts'
import { anyOf, kindOf } from './show-value.ts'

const encodedKey = secret("the key's `encoded` text, without 'ApiKey ' before it", isToken)

const keyParts = group({
  id: secret("the key's id", isUsername),
  api_key: secret("the key's api_key", isPassword),
})

/** The key as it is sent: `encoded`, or made of `id` and `api_key` as Elasticsearch does. */
const apiKey: Check<string> = (value, path) => {
  if (propertiesOf(value) === undefined) return encodedKey(value, path)
  const { value: parts, faults } = keyParts(value, path)
  const { id, api_key: key } = parts ?? {}
  if (id !== undefined && key !== undefined) {
    return { value: Buffer.from(`${id}:${key}`).toString('base64'), faults }
  }
  return faults.length > 0
    ? { value: undefined, faults }
    : wrong(path, 'both id and api_key', 'one of them or none')
}

const authTable = {
  username: secret('a user name without a colon or control characters', isUsername),
  password: secret('a password without control characters', isPassword),
  apiKey,
  bearer: secret("a token, without 'Bearer ' before it", isToken),
  passwordFile: notAvailableYet(),
  apiKeyFile: notAvailableYet(),
  bearerFile: notAvailableYet(),
} as const

type AuthName = keyof typeof authTable

const kinds: readonly (readonly [kind: string, names: readonly AuthName[]])[] = [
  ['username and password', ['username', 'password', 'passwordFile']],
  ['apiKey', ['apiKey', 'apiKeyFile']],
  ['bearer', ['bearer', 'bearerFile']],
]

const anyKind = anyOf(kinds.map(([kind]) => kind))
const members = group(authTable)

export function basicAuth({ username, password }: Credentials): Auth {
  return { kind: 'basic', username, password }
}

function assemble(values: Values<typeof authTable>): Auth | undefined {
  const { username, password, apiKey: key, bearer } = values
  if (key !== undefined) return { kind: 'apiKey', apiKey: key }
  if (bearer !== undefined) return { kind: 'bearer', token: bearer }
  if (username !== undefined && password !== undefined) return basicAuth({ username, password })
  return undefined
}

/** The faults that lie between the names given. */
function judgeTogether(has: (name: AuthName) => boolean, path: string): readonly OptionFault[] {
  const found = kinds.filter(([, names]) => names.some(has)).map(([kind]) => kind)
  if (found.length === 0) return wrong(path, anyKind, 'none of them').faults
  if (found.length > 1) return wrong(path, `one kind: ${anyKind}`, found.join(' beside ')).faults
  const hasPassword = has('password') || has('passwordFile')
  if (has('username') && !hasPassword) {
    return wrong(`${path}.password`, 'a password beside the user name', 'nothing').faults
  }
  return hasPassword && !has('username')
    ? wrong(`${path}.username`, 'a user name beside the password', 'nothing').faults
    : []
}

/** One kind of credentials, complete. Faults show no value. */
export const checkAuth: Check<Auth> = (value, path) => {
  const given = givenOf(value)
  if (given === undefined) return wrong(path, `an object with ${anyKind}`, kindOf(value))
  const { value: values, faults } = members(value, path)
  const together = judgeTogether((name) => given.has(name), path)
  return {
    value: together.length > 0 || values === undefined ? undefined : assemble(values),
    faults: [...faults, ...together],
  }
}

/** The same credentials, whichever way they came? */
export function sameAuth(a: Auth, b: Auth): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
