import type { ElasticError } from './elastic-error.ts'
import { wholeError } from './elastic-error.ts'

/** An HTTP answer, ready to be sent. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[]>>
  readonly body: string
  /** Entries in the list of a bulk answer; undefined for other answers. */
  readonly items?: number
}

const json = { 'x-elastic-product': 'Elasticsearch', 'content-type': 'application/json' }

export function jsonAnswer(status: number, body: unknown): Answer {
  return { status, headers: json, body: JSON.stringify(body) }
}

/** A whole refusal, as Elasticsearch words it. */
export function refusal(status: number, error: ElasticError): Answer {
  return jsonAnswer(status, wholeError(status, error))
}

/** 413 as Elasticsearch sends it: nothing but the status, and the connection ends. */
export const tooLarge: Answer = { status: 413, headers: { connection: 'close' }, body: '' }

const titles: Readonly<Record<number, string>> = {
  301: 'Moved Permanently',
  400: 'Bad Request',
  401: 'Authorization Required',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Not Allowed',
  413: 'Request Entity Too Large',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Temporarily Unavailable',
  504: 'Gateway Time-out',
}

/** nginx 1.22's own page for a status; a page of some portal for 2xx. */
export function htmlAnswer(status: number): Answer {
  const title = status < 300 ? 'Sign in' : `${status} ${titles[status] ?? 'Error'}`
  const lines = [
    '<html>',
    `<head><title>${title}</title></head>`,
    '<body>',
    `<center><h1>${title}</h1></center>`,
    '<hr><center>nginx/1.22.1</center>',
    '</body>',
    '</html>',
    '',
  ]
  const headers = { server: 'nginx/1.22.1', 'content-type': 'text/html' }
  return { status, headers, body: lines.join('\r\n') }
}
