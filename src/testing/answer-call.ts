import type { Answer } from './answer.ts'
import { htmlAnswer, jsonAnswer, refusal } from './answer.ts'
import { answerCount, answerGet, answerSearch } from './answer-search.ts'
import type { Call } from './call.ts'
import { refuseStranger } from './credentials.ts'
import { isObject, parseJson } from './json.ts'
import { refuseMediaType } from './media-type.ts'
import { refuseParameters } from './query-parameters.ts'
import type { ServerState } from './server-state.ts'

const maxUrlBytes = 4096
const searchParameters = [
  'allow_no_indices',
  'expand_wildcards',
  'from',
  'ignore_unavailable',
  'preference',
  'size',
  'sort',
  'timeout',
  'track_total_hits',
  '_source',
]
const otherParameters = [
  'allow_no_indices',
  'create',
  'expand_wildcards',
  'ignore_unavailable',
  'level',
  'local',
  'master_timeout',
  'realtime',
  'refresh',
  'timeout',
  'wait_for_no_initializing_shards',
  'wait_for_nodes',
  'wait_for_status',
]

/** What stands between a request and any handler: credentials, the media type, the length of the address. */
export function refuseAtTheDoor(call: Call, state: ServerState): Answer | undefined {
  if (Buffer.byteLength(call.url) + call.method.length > maxUrlBytes) {
    const reason = `An HTTP line is larger than ${maxUrlBytes} bytes.`
    return refusal(400, { type: 'too_long_http_line_exception', reason })
  }
  return refuseStranger(call, state.auth) ?? refuseMediaType(call)
}

/** For a request outside of the server's path prefix: what a proxy says. */
export const outsideAnswer: Answer = htmlAnswer(404)

interface Handler {
  readonly methods: readonly string[]
  readonly parameters: readonly string[]
  answer(): Answer
}

/** The answer to anything but a bulk request. */
export function answerCall(call: Call, state: ServerState): Answer {
  const handler = findHandler(call, state)
  if (!handler) return unknown(call)
  if (!handler.methods.includes(call.method)) return wrongMethod(call, handler.methods)
  return refuseParameters(call, handler.parameters, state.refusedParameters) ?? handler.answer()
}

function findHandler(call: Call, state: ServerState): Handler | undefined {
  const [first, second, third] = call.segments
  const route = (
    methods: readonly string[],
    answer: () => Answer,
    parameters: readonly string[] = otherParameters,
  ): Handler => ({ methods, parameters, answer })
  if (first === undefined) return route(['GET', 'HEAD'], () => answerRoot(state))
  if (call.segments.length > 3) return undefined
  if (third !== undefined) {
    return second === '_doc'
      ? route(['GET', 'HEAD'], () => answerGet(first, third, state))
      : undefined
  }
  if (first === '_index_template') {
    const methods = ['PUT', 'POST', 'GET', 'HEAD', 'DELETE']
    return route(methods, () => answerTemplate(call, second, state))
  }
  if (first === '_cluster') {
    return second === 'health' ? route(['GET'], () => jsonAnswer(200, health(state))) : undefined
  }
  switch (second ?? first) {
    case '_bulk':
      return route(['POST', 'PUT'], () => unknown(call))
    case '_search':
      return route(['GET', 'POST'], () => answerSearch(call, state), searchParameters)
    case '_count':
      return route(['GET', 'POST'], () => answerCount(call, state), searchParameters)
    case '_refresh':
      return route(['GET', 'POST'], () => jsonAnswer(200, refreshed))
    default:
      return undefined
  }
}

const refreshed = { _shards: { total: 1, successful: 1, failed: 0 } }

function answerTemplate(call: Call, name: string | undefined, state: ServerState): Answer {
  const { templates } = state.store
  switch (call.method) {
    case 'PUT':
    case 'POST': {
      const template = parseJson(call.body.toString())
      if (name === undefined) return unknown(call)
      if (!isObject(template) || !Array.isArray(template['index_patterns'])) {
        return refusal(400, {
          type: 'x_content_parse_exception',
          reason: 'Required [index_patterns]',
        })
      }
      templates.set(name, template)
      return jsonAnswer(200, { acknowledged: true })
    }
    case 'DELETE':
      if (name === undefined || !templates.delete(name)) return missingTemplate(name)
      return jsonAnswer(200, { acknowledged: true })
    default: {
      const found = [...templates].filter(([key]) => name === undefined || key === name)
      if (found.length === 0 && name !== undefined) return missingTemplate(name)
      const list = found.map(([key, value]) => ({ name: key, index_template: value }))
      return jsonAnswer(200, { index_templates: list })
    }
  }
}

const missingTemplate = (name: string | undefined): Answer =>
  refusal(404, {
    type: 'resource_not_found_exception',
    reason: `index template matching [${name ?? ''}] not found`,
  })

function wrongMethod(call: Call, methods: readonly string[]): Answer {
  const error = `Incorrect HTTP method for uri [${call.url}] and method [${call.method}], allowed: [${methods.join(', ')}]`
  const refused = jsonAnswer(405, { error, status: 405 })
  return { ...refused, headers: { ...refused.headers, allow: methods.join(',') } }
}

const unknown = (call: Call): Answer =>
  jsonAnswer(400, { error: `no handler found for uri [${call.url}] and method [${call.method}]` })

function answerRoot(state: ServerState): Answer {
  return jsonAnswer(200, {
    name: state.name,
    cluster_name: 'faulty',
    cluster_uuid: 'ZmF1bHR5LWNsdXN0ZXItMQ',
    version: {
      number: '9.5.3',
      build_flavor: 'default',
      build_type: 'docker',
      build_hash: '0000000000000000000000000000000000000000',
      build_date: '2026-10-01T00:00:00.000000000Z',
      build_snapshot: false,
      lucene_version: '10.5.0',
      minimum_wire_compatibility_version: '8.19.0',
      minimum_index_compatibility_version: '8.0.0',
    },
    tagline: 'You Know, for Search',
  })
}

function health(state: ServerState) {
  return {
    cluster_name: 'faulty',
    status: 'green',
    timed_out: false,
    number_of_nodes: 1,
    number_of_data_nodes: 1,
    active_primary_shards: state.store.find(undefined).length,
    active_shards: state.store.find(undefined).length,
    relocating_shards: 0,
    initializing_shards: 0,
    unassigned_shards: 0,
    delayed_unassigned_shards: 0,
    number_of_pending_tasks: 0,
    number_of_in_flight_fetch: 0,
    task_max_waiting_in_queue_millis: 0,
    active_shards_percent_as_number: 100,
  }
}
