import type { SelfLogEvent } from '../core/self-log-event.ts'
import { duration } from './words.ts'

export interface Diagnosis {
  /** What went wrong, in words; a part of a sentence. */
  readonly what: string
  /** What to do about it, a whole sentence. */
  readonly hint?: string
}

export type Failed = Pick<SelfLogEvent, 'failure' | 'phases' | 'endpoint'>

type Failure = NonNullable<SelfLogEvent['failure']>
type Rule = (failure: Failure, where: string, phases: SelfLogEvent['phases']) => Diagnosis

/** Below this nobody was asked: a failure of a moment ago is remembered, and the name asked for again within 5 s. */
const askedMs = 50

const silentNameServer: Rule = (_, where, phases) => {
  const dnsMs = phases?.dnsMs ?? 0
  const what =
    dnsMs < askedMs
      ? `the name server has not answered a moment ago for ${where}, which is asked for again within 5 s`
      : `no answer from the name server for ${duration(dnsMs)} while resolving ${where}`
  return { what, hint: dnsHint }
}

/** What a failure means and what to do, by its code. */
const byCode: Readonly<Record<string, Rule>> = {
  ECONNREFUSED: (_, where) => ({
    what: `connection refused by ${where}`,
    hint: 'Nothing listens there: is Elasticsearch running, and are host and port of the option "node" right?',
  }),
  ECONNRESET: ({ phase }, where) => ({ what: `connection reset by ${where} (phase ${phase})` }),
  EPIPE: (_, where) => ({ what: `connection closed by ${where} while the body was being sent` }),
  connection_closed: ({ phase }, where) => ({
    what: `connection closed by ${where} without an answer (phase ${phase})`,
  }),
  closed_while_idle: (_, where) => ({ what: `an idle connection was closed by ${where}` }),
  address_gone: (_, where) => ({
    what: `no answer from an address that ${where} no longer has`,
    hint: 'The name has moved; the lines go again to its new address.',
  }),
  sockets_busy: (_, where) => ({
    what: `every connection to ${where} is busy with a request that gets no answer`,
  }),
  EHOSTUNREACH: (_, where) => ({ what: `no route to ${where}`, hint: routeHint }),
  ENETUNREACH: (_, where) => ({ what: `no route to the network of ${where}`, hint: routeHint }),
  ENOTFOUND: (_, where) => ({
    what: `no such name: ${where}`,
    hint: 'The name server knows no such host: check the option "node", and the search domains of the pod.',
  }),
  EAI_AGAIN: (_, where) => ({ what: `the name server failed for ${where}`, hint: dnsHint }),
  ESERVFAIL: (_, where) => ({ what: `the name server failed for ${where}`, hint: dnsHint }),
  ETIMEOUT: silentNameServer,
  dns_timeout: silentNameServer,
  connect_timeout: ({ phase }, where) => ({
    what: `no connection to ${where} in time (phase ${phase})`,
    hint: 'Packets are lost or dropped on the way: look for a firewall, a network policy or a dead node.',
  }),
  response_timeout: (_, where, phases) => ({
    what: `no answer from ${where} for ${duration(phases?.waitMs ?? 0)}`,
    hint: 'The request may have been stored all the same; it goes again with the same ids, so nothing is stored twice.',
  }),
  response_slow: () => ({
    what: 'no answer for 10 s so far; the request goes on, the next one takes a fresh connection',
  }),
  response_overtaken: (_, where, phases) => ({
    what: `no answer from ${where} for ${duration(phases?.waitMs ?? 0)} while newer requests were answered`,
    hint: 'The connection was dead: a firewall, a proxy or a connection table on the way forgets idle connections.',
  }),
  idle_timeout: (_, where) => ({ what: `${where} stopped in the middle of its answer` }),
  total_timeout: (_, where) => ({ what: `${where} took too long in all` }),
  bad_answer: ({ message, status }, where) => ({
    what: `${where} gave an answer that is none (HTTP ${status ?? 200}): ${message}`,
    hint: 'Something else than Elasticsearch answers there, or the answer was cut on the way: a proxy, a wrong path?',
  }),
  ca_fingerprint_mismatch: (_, where) => ({
    what: `the certificate of ${where} is not the one of "caFingerprint"`,
    hint: 'Compare with: openssl x509 -fingerprint -sha256 -noout -in ca.crt',
  }),
  ERR_TLS_CERT_ALTNAME_INVALID: (_, where) => ({
    what: `the certificate of ${where} is for another name`,
    hint: 'Use the name in the certificate in "node", or set tls.servername.',
  }),
  es_rejected_execution_exception: ({ message }, where) => ({
    what: `${where} has too much to do: ${message}`,
    hint: 'Its write queue or indexing memory is full. Sending slows down by itself; look at the load of the cluster.',
  }),
  circuit_breaking_exception: ({ message }, where) => ({
    what: `${where} is short of memory: ${message}`,
    hint: 'Its circuit breaker is open: look at the heap of the cluster.',
  }),
  cluster_block_exception: ({ message }) => ({
    what: `the index or cluster is blocked: ${message}`,
    hint: 'A disk at its flood stage makes indices read-only: free space; the block goes by itself, or is removed by hand.',
  }),
  module_not_loaded: ({ message }) => ({
    what: `the Elasticsearch client cannot be loaded: ${message}`,
    hint: 'Is @elastic/elasticsearch installed? With a bundler see "Bundlers" in README.',
  }),
}

const routeHint = 'Look at routes, network policies and whether the node is up.'
const dnsHint = 'Look at the name servers in /etc/resolv.conf; see README, "Five-second DNS".'

const byStatus: Readonly<Record<number, string>> = {
  401: 'Check "auth": the user, the password or the API key is not known there.',
  403: 'The credentials are known but may not write here: the key needs create_doc and auto_configure on the index.',
  407: 'The proxy wants credentials.',
  413: 'The body is too large for the server or a proxy before it: lower "flushBytes", or raise its limit.',
  429: 'The server asks for less. Sending slows down by itself; look at its load.',
  502: 'A proxy answers, but Elasticsearch behind it does not.',
  503: 'Elasticsearch is up but cannot serve: no master, or shards not ready.',
  504: 'A proxy gave up waiting for Elasticsearch; the lines may have been stored all the same.',
}

/** What a failure means, for people. */
export function diagnose({ failure, phases, endpoint }: Failed): Diagnosis {
  if (failure === undefined) return { what: 'unknown failure' }
  const where = hostOf(endpoint?.origin)
  // The code may be a server's word, such as "constructor".
  const rule = Object.hasOwn(byCode, failure.code) ? byCode[failure.code] : undefined
  if (rule !== undefined) return rule(failure, where, phases)
  const { code, message, status, phase } = failure
  if (status === undefined) {
    const hint = phase === 'tls' ? tlsHint : undefined
    return { what: `${message || code} (${code}, phase ${phase})`, ...(hint && { hint }) }
  }
  const said = message === '' ? '' : `: ${message}`
  const type = code.startsWith('http_') ? '' : ` ${code}`
  const hint = byStatus[status]
  return { what: `${where} answered ${status}${type}${said}`, ...(hint && { hint }) }
}

const tlsHint =
  'The certificate is not trusted: set tls.ca or caFingerprint to the authority that signed it.'

function hostOf(origin: string | undefined): string {
  return origin?.replace(/^https?:\/\//, '') ?? 'the server'
}
