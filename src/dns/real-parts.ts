import { lookup } from 'node:dns'
import { hostname } from 'node:os'
import process from 'node:process'
import { clock, holdProcess, random } from '../runtime.ts'
import { askServer } from './ask-server.ts'
import type { ResolverLookupParts } from './create-resolver-lookup.ts'
import type { Getaddrinfo } from './system-gate.ts'
import { configFiles } from './watched-file.ts'

/** Taken now: an application may put our own lookup in its place. */
const systemLookup: Getaddrinfo = lookup

/** The machine as it is. */
export const realParts: ResolverLookupParts = {
  clock,
  random,
  hold: holdProcess,
  ask: askServer,
  getaddrinfo: systemLookup,
  files: configFiles,
  resolvConfPath: '/etc/resolv.conf',
  hostsPath: '/etc/hosts',
  environment: process.env,
  hostname: hostname(),
}
