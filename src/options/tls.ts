import { createSecureContext } from 'node:tls'
import { isUint8Array } from 'node:util/types'
import type { Check } from './check.ts'
import { right, wrong } from './check.ts'
import { flag, oneOf, secret, text } from './checks.ts'
import type { Values } from './group.ts'
import { group } from './group.ts'
import type { OptionFault } from './option-fault.ts'
import { itemsOf } from './plain-data.ts'
import { showHidden } from './show-value.ts'
import type { TlsMaterial, TlsOptions } from './tls-options.ts'

const versions = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const

/** Text or bytes, or several of them. `marker` tells contents from the name of a file. Never shown. */
function material(what: string, marker: string): Check<TlsMaterial> {
  const isSound = (part: unknown): part is string | Uint8Array =>
    (typeof part === 'string' || isUint8Array(part)) &&
    part.length > 0 &&
    Buffer.from(part).includes(marker)
  return (value, path) => {
    const parts = itemsOf(value)
    if (parts === undefined)
      return isSound(value) ? right(value) : wrong(path, what, showHidden(value))
    const sound = parts.filter(isSound)
    if (parts.length > 0 && sound.length === parts.length) return right(sound)
    const bad = parts.findIndex((part) => !isSound(part))
    return bad < 0
      ? wrong(path, what, 'an empty array')
      : wrong(`${path}[${bad}]`, what, showHidden(parts[bad]))
  }
}

const pem = '-----BEGIN '

const tlsTable = {
  ca: material('PEM certificates, not the name of a file', pem),
  cert: material('a PEM certificate, not the name of a file', pem),
  key: material('a PEM key, not the name of a file', pem),
  passphrase: secret('text', /./s),
  pfx: material('the bytes of a PKCS#12 file, not its name', ''),
  servername: text('a host name'),
  minVersion: oneOf(versions),
  maxVersion: oneOf(versions),
  ciphers: text("OpenSSL's cipher list"),
  rejectUnauthorized: flag,
} as const

const members = group(tlsTable)

function judgeVersions(tls: Values<typeof tlsTable>, path: string): readonly OptionFault[] {
  const { minVersion = 'TLSv1', maxVersion = 'TLSv1.3' } = tls
  return versions.indexOf(minVersion) <= versions.indexOf(maxVersion)
    ? []
    : wrong(`${path}.minVersion`, `at most maxVersion, here ${maxVersion}`, minVersion).faults
}

/** What OpenSSL says to the material as a whole: wrong here, it would break every connection later. */
function judgeMaterial(tls: Values<typeof tlsTable>, path: string): readonly OptionFault[] {
  const { ca, cert, key, passphrase, pfx, ciphers } = tls
  const given = { ca, cert, key, passphrase, pfx, ciphers }
  if (Object.values(given).every((part) => part === undefined)) return []
  try {
    createSecureContext(given as Parameters<typeof createSecureContext>[0])
    return []
  } catch (error) {
    const code = (error as { code?: unknown }).code
    const got = typeof code === 'string' ? code : 'an error of it'
    return wrong(path, 'what OpenSSL can use (cert, key, passphrase, pfx, ciphers)', got).faults
  }
}

/** TLS options of Node that are plain data. Nothing of a key is shown. */
export const checkTls: Check<TlsOptions> = (value, path) => {
  const { value: values, faults } = members(value, path)
  if (values === undefined) return { value: undefined, faults }
  const ofMaterial = faults.length > 0 ? [] : judgeMaterial(values, path)
  return { value: values, faults: [...faults, ...judgeVersions(values, path), ...ofMaterial] }
}
