import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { faultOf, faultsOf, pathsOf, resolved } from './resolving.ts'

const basic = { kind: 'basic', username: 'elastic', password: 'pa:ss/wörd' } as const
const inUrl = 'elastic:pa%3Ass%2Fw%C3%B6rd@'

function cloudId(text: string): string {
  return `my:deployment:${Buffer.from(text).toString('base64')}`
}

describe('node', () => {
  const urls: readonly [given: string, node: string][] = [
    ['http://h:9200', 'http://h:9200'],
    ['https://h:443/', 'https://h'],
    ['HTTP://H:80', 'http://h'],
    ['https://h/a/b//', 'https://h/a/b'],
    ['http://[::1]:9200', 'http://[::1]:9200'],
    ['http://my_es-1.internal.', 'http://my_es-1.internal.'],
    ['http://bücher.example', 'http://xn--bcher-kva.example'],
  ]
  for (const [given, node] of urls) {
    it(`${given} is ${node}`, () => {
      assert.deepEqual(resolved({ node: given }).nodes, [node])
    })
  }

  it('may be a list, in which none stands twice', () => {
    assert.deepEqual(resolved({ node: ['http://a', 'http://b', 'http://a/'] }).nodes, [
      'http://a',
      'http://b',
    ])
  })

  const wrong = ['', 'h:9200', 'localhost', 'ftp://h', 'http://', 'http://a,http://b', 'http://h?a']
  for (const node of [...wrong, 'http://h#a', 'http://h:99999', 5, null, {}, []]) {
    it(`${JSON.stringify(node)} is a fault`, () => {
      assert.deepEqual(pathsOf({ node }), ['node'])
    })
  }

  it('is a fault by its place in the list', () => {
    assert.deepEqual(pathsOf({ node: ['http://a', 'b', 7] }), ['node[1]', 'node[2]'])
  })

  const shown: readonly [node: string, got: string][] = [
    ['es:9200', '"es:9200" (string)'],
    ['https://user:geheim@h/p?key=geheim#geheim', '"https://***:***@h/p?***" (string)'],
    ['https://h?key=geheim', '"https://h?***" (string)'],
    ['https://user:ge#heim@h', '"https://***" (string)'],
    ['https://geheim:@geheim?@h', '"https://***" (string)'],
    ['https://user:ge/heim@h', '"https://***" (string)'],
    ['https://user:12/heim@h', '"https://***" (string)'],
    ['https://geheim\\:geheim@h', '"https://***" (string)'],
    ['user:geheim@h:9200', '"***" (string)'],
    ['https://user:ge%zzheim@h', '"https://***:***@h" (string)'],
    ['https://user:@h', '"https://***:***@h" (string)'],
  ]
  for (const [node, got] of shown) {
    it(`shows nothing secret of ${node}`, () => {
      assert.deepEqual(faultOf({ node }).got, got)
    })
  }
})

describe('credentials in a node URL', () => {
  it('are decoded, moved to auth, and leave the URL', () => {
    const options = resolved({ node: `https://${inUrl}h/es` })
    assert.deepEqual([options.nodes, options.auth], [['https://h/es'], basic])
  })

  it('serve all nodes', () => {
    const options = resolved({ node: ['https://a', `https://${inUrl}b`, `https://${inUrl}c`] })
    assert.deepEqual(options.auth, basic)
  })

  it('are a fault where two nodes differ', () => {
    const fault = faultOf({ node: ['https://a:b@h', 'https://i', 'https://a:c@j'] })
    assert.equal(fault.path, 'node[2]')
  })

  it('may be said in auth too, and must be the same there', () => {
    const node = `https://${inUrl}h`
    const { username, password } = basic
    assert.deepEqual(resolved({ node, auth: { username, password } }).auth, basic)
    assert.deepEqual(pathsOf({ node, auth: { username, password: 'x' } }), ['auth'])
    assert.deepEqual(pathsOf({ node, auth: { apiKey: 'x' } }), ['auth'])
  })

  it('are a fault by halves, or where no header can carry them', () => {
    for (const node of ['http://u@h', 'http://:p@h', 'http://u%3Av:p@h', 'http://u:p%0A@h']) {
      assert.deepEqual(pathsOf({ node }), ['node'])
    }
  })
})

describe('cloud', () => {
  const ids: readonly [text: string, node: string][] = [
    ['eu.aws.found.io$abc$def', 'https://abc.eu.aws.found.io'],
    ['eu.aws.found.io$abc', 'https://abc.eu.aws.found.io'],
    ['eu.aws.found.io:443$abc$def', 'https://abc.eu.aws.found.io'],
    ['eu.aws.found.io:9243$abc$def', 'https://abc.eu.aws.found.io:9243'],
    ['eu.aws.found.io:9243$abc:9244$def:9245', 'https://abc.eu.aws.found.io:9244'],
  ]
  for (const [text, node] of ids) {
    it(`${text} is ${node}`, () => {
      assert.deepEqual(resolved({ cloud: { id: cloudId(text) } }).nodes, [node])
    })
  }

  const bad = [
    '',
    'name',
    'name:',
    'name:not base64',
    Buffer.from('h$a').toString('base64'),
    cloudId('host'),
    cloudId('host$'),
    cloudId('$abc'),
    cloudId('ho/st$abc'),
    cloudId('host:99999$abc'),
    cloudId('host$user@abc'),
    5,
  ]
  for (const id of bad) {
    it(`${JSON.stringify(id)} is a fault that does not show it`, () => {
      const { path, got } = faultOf({ cloud: { id } })
      assert.equal(path, 'cloud.id')
      assert.match(got, /^a string \(not shown\)$|^an empty string$|^a number \(not shown\)$/)
    })
  }

  it('needs an id', () => {
    assert.deepEqual(pathsOf({ cloud: {} }), ['cloud.id'])
    assert.deepEqual(pathsOf({ cloud: 'x' }), ['cloud'])
  })

  it('is refused beside node', () => {
    const cloud = { id: cloudId('h$a') }
    assert.deepEqual(faultOf({ cloud, node: 'http://h' }), {
      path: 'cloud',
      expected: 'either cloud or node',
      got: 'both',
    })
  })

  it('goes before the node of the environment', () => {
    const env = { PINO_LOUDSINK_NODE: 'not a url' }
    assert.deepEqual(resolved({ cloud: { id: cloudId('h$a') } }, env).nodes, ['https://a.h'])
  })
})

describe('auth', () => {
  it('takes the forms of an API key', () => {
    const auth = { kind: 'apiKey', apiKey: 'aWQ6a2V5' }
    assert.deepEqual(resolved({ auth: { apiKey: 'aWQ6a2V5' } }).auth, auth)
    assert.deepEqual(resolved({ auth: { apiKey: { id: 'id', api_key: 'key' } } }).auth, auth)
  })

  it('takes user name and password, in any script', () => {
    const { username, password } = basic
    assert.deepEqual(resolved({ auth: { username, password } }).auth, basic)
  })

  it('takes a bearer token', () => {
    assert.deepEqual(resolved({ auth: { bearer: 't' } }).auth, { kind: 'bearer', token: 't' })
  })

  const wrong: readonly [auth: unknown, paths: readonly string[]][] = [
    [{}, ['auth']],
    ['ApiKey geheim', ['auth']],
    [{ username: 'u' }, ['auth.password']],
    [{ password: 'geheim' }, ['auth.username']],
    [{ username: 'u', password: '' }, ['auth.password']],
    [{ username: 'u:v', password: 'geheim' }, ['auth.username']],
    [{ username: 5, password: 'ge\nheim' }, ['auth.username', 'auth.password']],
    [{ username: 'u', password: 'p', apiKey: 'geheim' }, ['auth']],
    [{ bearer: 'geheim', apiKey: 'geheim' }, ['auth']],
    [{ apiKey: 'ApiKey geheim' }, ['auth.apiKey']],
    [{ apiKey: 'geheim\r\nX: y' }, ['auth.apiKey']],
    [{ apiKey: { id: 'geheim' } }, ['auth.apiKey']],
    [{ apiKey: { id: 'a:b', api_key: 'geheim' } }, ['auth.apiKey.id']],
    [{ apiKey: ['geheim'] }, ['auth.apiKey']],
    [{ bearer: 'Bearer geheim' }, ['auth.bearer']],
    [{ bearer: '' }, ['auth.bearer']],
  ]
  for (const [auth, paths] of wrong) {
    it(`refuses ${JSON.stringify(auth)} without showing it`, () => {
      assert.deepEqual(pathsOf({ auth }), paths)
      assert.doesNotMatch(JSON.stringify(faultsOf({ auth })), /heim/)
    })
  }

  it('is refused beside an authorization header', () => {
    const headers = { Authorization: 'Basic geheim' }
    for (const input of [{ auth: { bearer: 't' } }, { node: 'https://a:b@h' }]) {
      assert.deepEqual(pathsOf({ ...input, headers }), ['headers.authorization'])
    }
    assert.equal(resolved({ headers }).auth, undefined)
  })
})
