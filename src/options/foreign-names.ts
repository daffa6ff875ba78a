/**
 * Names that users bring along from other libraries, and what serves their purpose here. Compared without case, `-`
 * and `_`. Sources: the READMEs of @elastic/elasticsearch, winston-elasticsearch and pino-loki.
 */
const adviceByName: Readonly<Record<string, string>> = {
  // where to
  nodes: 'node',
  url: 'node',
  urls: 'node',
  host: 'node',
  hosts: 'node',
  endpoint: 'node',
  cloudId: 'cloud.id',
  // who
  apiKey: 'auth.apiKey',
  user: 'auth.username',
  username: 'auth.username',
  pass: 'auth.password',
  password: 'auth.password',
  basicAuth: 'auth.username and auth.password',
  token: 'auth.bearer',
  bearer: 'auth.bearer',
  ssl: 'tls',
  // what
  dataStream: 'index, which takes the name of a data stream',
  indexPrefix: "index with %{DATE}, such as 'logs-%{DATE}'",
  indexSuffixPattern: "index with %{DATE}, such as 'logs-%{DATE}'",
  indexTemplate: 'nothing: templates are made outside of the transport',
  ensureIndexTemplate: 'nothing: templates are made outside of the transport',
  transformer: 'format and fields',
  ecs: "format: 'ecs'",
  labels: 'fields',
  timeKey: 'timestampKey',
  levelMap: 'levels',
  customLevels: 'levels',
  level: 'the level beside `target`, outside of its options',
  // how
  requestTimeout: 'timeouts.responseMs',
  timeout: 'timeouts.responseMs',
  pingTimeout: 'nothing: it never pings; see timeouts',
  healthCheckTimeout: 'nothing: it never asks for health; see timeouts',
  maxRetries: 'nothing: tries have no limit; see retry',
  retryLimit: 'nothing: tries have no limit; see retry',
  interval: 'flushInterval',
  batching: 'flushItems and flushInterval',
  batchSize: 'flushItems',
  bulkSize: 'flushBytes',
  bufferLimit: 'memory.maxBytes',
  waitForActiveShards: 'nothing: it is a setting of the index',
  gzip: "compression: 'gzip'",
  compress: "compression: 'gzip'",
  agent: 'tls and timeouts',
  clientOpts: 'the same names directly: node, auth, tls',
  // what of failures
  internalLogger: 'selfLog',
  silenceErrors: 'selfLog.minSeverity',
  dlq: 'deadLetter',
}

/** A name as it is compared: `Flush-Bytes`, `flush_bytes` and `flushBytes` are one. */
export function bareName(name: string): string {
  return name.replace(/[-_]/g, '').toLowerCase()
}

const advice = new Map(Object.entries(adviceByName).map(([name, text]) => [bareName(name), text]))

/** What takes the place of another library's option here; undefined for a name that none of them has. */
export function foreignAdvice(name: string): string | undefined {
  return advice.get(bareName(name))
}
