import type { Check } from './check.ts'
import { right, wrong } from './check.ts'
import { group } from './group.ts'
import { parseNodeUrl } from './node-url.ts'
import { showHidden } from './show-value.ts'

const expected = "Elastic Cloud's id: a name, a colon, and base64 of host$elasticsearch$kibana"
const base64 = /^[A-Za-z0-9+/_-]+={0,2}$/

/** `abc:9243` → `['abc', '9243']`. */
function splitPort(part: string): readonly [name: string, port: string | undefined] {
  const [, name = part, port] = /^(.*):(\d+)$/.exec(part) ?? []
  return [name, port]
}

/**
 * `name:base64(host[:port]$elasticsearch[:port]$kibana)` → `https://elasticsearch.host[:port]`. A port of the part goes
 * before the port of the host; the default is 443. Where it is wrong, the id is not shown: what was put in its place by
 * mistake may be a key.
 */
const parseCloudId: Check<string> = (value, path) => {
  const refuse = () => wrong(path, expected, showHidden(value))
  if (typeof value !== 'string' || !value.includes(':')) return refuse()
  const encoded = value.slice(value.lastIndexOf(':') + 1).trim()
  if (!base64.test(encoded)) return refuse()
  const [hostPart = '', elasticsearchPart = ''] = Buffer.from(encoded, 'base64')
    .toString()
    .split('$')
  const [host, hostPort] = splitPort(hostPart)
  const [elasticsearch, ownPort] = splitPort(elasticsearchPart)
  if (!/^[\w.-]+$/.test(host) || !/^[\w.-]+$/.test(elasticsearch)) return refuse()
  const node = parseNodeUrl(`https://${elasticsearch}.${host}:${ownPort ?? hostPort ?? 443}`, path)
  return node.value === undefined ? refuse() : right(node.value.url)
}

const members = group({ id: parseCloudId })

/** The option `cloud` → the URL of its node. */
export const checkCloud: Check<string> = (value, path) => {
  const { value: cloud, faults } = members(value, path)
  if (cloud?.id !== undefined || faults.length > 0) return { value: cloud?.id, faults }
  return wrong(`${path}.id`, expected, 'nothing')
}
