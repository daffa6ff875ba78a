import assert from 'node:assert/strict'
import { it } from 'node:test'
import { errors } from 'undici'
import { TryError, toTryError } from '../../../src/bulk/try-error.ts'

it('keeps the codes of Node and OpenSSL', () => {
  const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
  const error = toTryError(refused, 'connect')
  assert.deepEqual(
    [error.code, error.phase, error.message],
    ['ECONNREFUSED', 'connect', 'connect ECONNREFUSED'],
  )
})

it('looks into an error that stands for several addresses', () => {
  const one = (address: string) =>
    Object.assign(new Error(`connect ETIMEDOUT ${address}`), { code: 'ETIMEDOUT' })
  const error = toTryError(
    Object.assign(new AggregateError([one('a:1'), one('b:1')], 'x'), { message: '' }),
    'connect',
  )
  assert.deepEqual(
    [error.code, error.message],
    ['ETIMEDOUT', 'connect ETIMEDOUT a:1; connect ETIMEDOUT b:1'],
  )
})

it('gives words of our own to what undici and llhttp call by theirs', () => {
  const closed = new errors.SocketError('other side closed')
  assert.equal(toTryError(closed, 'wait').code, 'connection_closed')
  assert.equal(toTryError(closed, 'read').code, 'bad_answer')
  assert.equal(
    toTryError(new errors.ResponseContentLengthMismatchError(), 'read').code,
    'bad_answer',
  )
  assert.equal(toTryError(new errors.HeadersOverflowError(), 'wait').code, 'bad_answer')
})

it('takes a late TLS alert for what it is', () => {
  const alert = Object.assign(new Error('alert'), {
    code: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
  })
  assert.equal(toTryError(alert, 'wait').phase, 'tls')
})

it('makes something of anything', () => {
  assert.equal(toTryError('text', 'dns').code, 'unknown_error')
  assert.equal(toTryError(undefined, 'dns').code, 'unknown_error')
  assert.equal(toTryError(new RangeError('x'), 'dns').code, 'RangeError')
})

it('knows our own deadlines by their names', () => {
  assert.ok(new TryError('dns_timeout', '').timedOut)
  assert.ok(!new TryError('aborted', '').timedOut)
})
