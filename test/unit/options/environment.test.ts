import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { faultOf, faultsOf, pathsOf, resolved } from './resolving.ts'

const basic = { kind: 'basic', username: 'u', password: 'p' } as const
const login = { PINO_LOUDSINK_USERNAME: 'u', PINO_LOUDSINK_PASSWORD: 'p' }

describe('the environment', () => {
  it('names nodes, index and credentials', () => {
    const env = {
      PINO_LOUDSINK_NODE: 'https://a:9200, https://b/es/,',
      PINO_LOUDSINK_INDEX: 'logs-%{DATE}',
      PINO_LOUDSINK_API_KEY: 'key\n',
    }
    const { nodes, index, auth } = resolved({}, env)
    assert.deepEqual(nodes, ['https://a:9200', 'https://b/es'])
    assert.equal(index, 'logs-%{DATE}')
    assert.deepEqual(auth, { kind: 'apiKey', apiKey: 'key' })
    assert.deepEqual(resolved({}, login).auth, basic)
  })

  it('counts an empty variable as not set', () => {
    const env = {
      PINO_LOUDSINK_NODE: '',
      PINO_LOUDSINK_INDEX: ' ',
      PINO_LOUDSINK_API_KEY: '',
      ...login,
    }
    assert.deepEqual(resolved({}, env).nodes, ['http://127.0.0.1:9200'])
    assert.deepEqual(resolved({}, env).auth, basic)
  })

  it('is not asked for what the options give, even where that is wrong', () => {
    const env = { PINO_LOUDSINK_NODE: 'x', PINO_LOUDSINK_INDEX: 'X', PINO_LOUDSINK_API_KEY: 'a b' }
    const options = resolved({ node: 'http://h', index: 'i', auth: { bearer: 't' } }, env)
    assert.deepEqual([options.nodes, options.index], [['http://h'], 'i'])
    assert.deepEqual(pathsOf({ node: 1, index: 1, auth: 1 }, env), ['node', 'index', 'auth'])
  })

  it('gives way with its credentials to any in the options', () => {
    const env = { PINO_LOUDSINK_NODE: 'https://x:y@h', PINO_LOUDSINK_API_KEY: 'k' }
    const token = { kind: 'bearer', token: 't' }
    assert.deepEqual(resolved({ auth: { bearer: 't' } }, env).auth, token)
    assert.deepEqual(resolved({ node: 'https://u:p@h' }, env).auth, basic)
    assert.equal(resolved({ headers: { authorization: 'x' } }, env).auth, undefined)
    assert.deepEqual(resolved({ auth: { bearer: 't' } }, env).nodes, ['https://h'])
  })

  it('may carry credentials in its node URL', () => {
    const env = { PINO_LOUDSINK_NODE: 'https://u:p@h' }
    assert.deepEqual(resolved({}, env).auth, basic)
    assert.deepEqual(resolved({}, { ...env, ...login }).auth, basic)
  })

  const wrong: readonly [env: Record<string, string>, paths: readonly string[]][] = [
    [{ PINO_LOUDSINK_NODE: 'h:9200' }, ['PINO_LOUDSINK_NODE']],
    [{ PINO_LOUDSINK_NODE: 'http://a,b' }, ['PINO_LOUDSINK_NODE']],
    [{ PINO_LOUDSINK_NODE: ',' }, ['PINO_LOUDSINK_NODE']],
    [{ PINO_LOUDSINK_NODE: 'https://a:geheim@h,https://a:b@h' }, ['PINO_LOUDSINK_NODE']],
    [{ PINO_LOUDSINK_NODE: 'https://u:geheim@h', ...login }, ['PINO_LOUDSINK_NODE']],
    [{ PINO_LOUDSINK_INDEX: 'Logs' }, ['PINO_LOUDSINK_INDEX']],
    [{ PINO_LOUDSINK_API_KEY: 'ge heim' }, ['PINO_LOUDSINK_API_KEY']],
    [{ PINO_LOUDSINK_API_KEY: 'geheim', ...login }, ['PINO_LOUDSINK_API_KEY']],
    [{ PINO_LOUDSINK_USERNAME: 'geheim' }, ['PINO_LOUDSINK_PASSWORD']],
    [{ PINO_LOUDSINK_PASSWORD: 'geheim' }, ['PINO_LOUDSINK_USERNAME']],
  ]
  for (const [env, paths] of wrong) {
    it(`is at fault by the variable's name: ${JSON.stringify(env)}`, () => {
      assert.deepEqual(pathsOf({}, env), paths)
      assert.doesNotMatch(JSON.stringify(faultsOf({}, env)), /heim/)
    })
  }

  it('says what was expected of the variable', () => {
    assert.deepEqual(faultOf({}, { PINO_LOUDSINK_INDEX: 'Logs' }), {
      path: 'PINO_LOUDSINK_INDEX',
      expected: 'lower case',
      got: '"Logs" (string)',
    })
  })
})
