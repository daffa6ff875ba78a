import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { faultOf, faultsOf, pathsOf, resolved } from './resolving.ts'

describe('headers', () => {
  it('come out in lower case, so that the client sends none twice', () => {
    const headers = { 'X-Tenant': 'a', Accept: 'application/json', 'x-empty': '' }
    assert.deepEqual(resolved({ headers }).headers, {
      'x-tenant': 'a',
      accept: 'application/json',
      'x-empty': '',
    })
  })

  it('are refused twice in two cases', () => {
    assert.deepEqual(pathsOf({ headers: { 'X-A': '1', 'x-a': '2' } }), ['headers.x-a'])
  })

  const reserved = [
    'Content-Type',
    'content-length',
    'Content-Encoding',
    'Transfer-Encoding',
    'Host',
    'Connection',
    'Keep-Alive',
    'Upgrade',
    'Expect',
    'Accept-Encoding',
  ]
  for (const name of reserved) {
    it(`leave ${name} to the transport`, () => {
      const fault = faultOf({ headers: { [name]: 'geheim' } })
      assert.equal(fault.path, `headers.${name.toLowerCase()}`)
      assert.match(fault.expected, /the transport sets it/)
    })
  }

  const values = ['geheim\r\nx: y', 'geheim\n', 'geheim\0', 'geheim→', ['geheim'], null, 5]
  for (const value of values) {
    it(`take no ${JSON.stringify(value)}, and do not show it`, () => {
      assert.deepEqual(pathsOf({ headers: { 'x-a': value } }), ['headers.x-a'])
      assert.doesNotMatch(JSON.stringify(faultsOf({ headers: { 'x-a': value } })), /geheim/)
    })
  }

  it('take no name that is none, and do not show it', () => {
    for (const name of ['', 'authorization: geheim', 'ä', 'a\nb']) {
      assert.deepEqual(faultOf({ headers: { [name]: 'x' } }), {
        path: 'headers',
        expected: 'names of letters, digits and -',
        got: 'another name (not shown)',
      })
    }
  })

  it('are an object', () => {
    for (const headers of ['authorization: geheim', ['geheim'], 5, null]) {
      assert.deepEqual(pathsOf({ headers }), ['headers'])
      assert.doesNotMatch(JSON.stringify(faultsOf({ headers })), /geheim/)
    }
  })
})
