import type { Answer } from './answer.ts'
import { jsonAnswer, refusal } from './answer.ts'
import type { Call } from './call.ts'

const accepted = new Set([
  'application/json',
  'application/x-ndjson',
  'application/vnd.elasticsearch+json',
  'application/vnd.elasticsearch+x-ndjson',
])
const compatibleVersions = ['8', '9']

/** 406 for a body of a type that Elasticsearch does not read, 400 for a version that 9 does not speak. */
export function refuseMediaType(call: Call): Answer | undefined {
  const contentType = call.headers['content-type'] ?? ''
  const hasBody = call.body.length > 0
  const type = contentType.split(';')[0]?.trim().toLowerCase() ?? ''
  if (hasBody && !accepted.has(type)) {
    const error = `Content-Type header [${contentType}] is not supported`
    return jsonAnswer(406, { error, status: 406 })
  }
  const cause = findVersionFault(call.headers.accept ?? '', contentType)
  if (cause === undefined) return undefined
  return refusal(400, {
    type: 'media_type_header_exception',
    reason: 'Invalid media-type value on headers [Content-Type, Accept]',
    caused_by: { type: 'status_exception', reason: cause },
  })
}

/** The type of the answer: a client that asks for a compatible version is told which it got. */
export function answerType(call: Call): string {
  const version = versionOf(call.headers.accept ?? '')
  return version === undefined
    ? 'application/json'
    : `application/vnd.elasticsearch+json;compatible-with=${version}`
}

function findVersionFault(accept: string, contentType: string): string | undefined {
  const wanted = versionOf(accept)
  const sent = versionOf(contentType)
  if (wanted !== undefined && !compatibleVersions.includes(wanted)) {
    return `Accept version must be either version 9 or 8, but found ${wanted}. Accept=${accept}`
  }
  if (sent !== undefined && !compatibleVersions.includes(sent)) {
    return `Content-Type version must be either version 9 or 8, but found ${sent}. Content-Type=${contentType}`
  }
  return wanted !== undefined && sent !== undefined && wanted !== sent
    ? `A compatible version is required on both Content-Type and Accept headers if either one has requested a compatible version and the compatible versions must match. Accept=${accept}, Content-Type=${contentType}`
    : undefined
}

function versionOf(header: string): string | undefined {
  return /compatible-with\s*=\s*(\d+)/.exec(header)?.[1]
}
