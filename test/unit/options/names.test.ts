import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { editDistance } from '../../../src/options/edit-distance.ts'
import { nearestName } from '../../../src/options/nearest-name.ts'
import { faultOf, pathsOf } from './resolving.ts'

describe('an unknown name', () => {
  const cases: readonly [input: object, path: string, expected: string][] = [
    [{ flushByte: 1 }, 'flushByte', 'the nearest is flushBytes'],
    [{ flush_bytes: 1 }, 'flush_bytes', 'the nearest is flushBytes'],
    [{ Node: 'x' }, 'Node', 'the nearest is node'],
    [{ ndoe: 'x' }, 'ndoe', 'the nearest is node'],
    [{ rejectUnauthorised: 1 }, 'rejectUnauthorised', 'the nearest is rejectUnauthorized'],
    [{ timeouts: { conectMs: 1 } }, 'timeouts.conectMs', 'the nearest is connectMs'],
    [{ tls: { ca: undefined, cerd: 1 } }, 'tls.cerd', 'the nearest is cert'],
    [{ memory: { when_full: 1 } }, 'memory.when_full', 'the nearest is whenFull'],
    [{ connectMs: 1 }, 'connectMs', 'for this there is timeouts.connectMs'],
    [{ maxBytes: 1 }, 'maxBytes', 'for this there is memory.maxBytes or selfLog.maxBytes'],
    [{ cloudId: 'a' }, 'cloudId', 'for this there is cloud.id'],
    [{ nodes: [] }, 'nodes', 'for this there is node'],
    [{ url: 'x' }, 'url', 'for this there is node'],
    [{ apiKey: 'x' }, 'apiKey', 'for this there is auth.apiKey'],
    [{ requestTimeout: 1 }, 'requestTimeout', 'for this there is timeouts.responseMs'],
    [{ maxRetries: 1 }, 'maxRetries', 'for this there is nothing: tries have no limit; see retry'],
    [{ bufferLimit: 1 }, 'bufferLimit', 'for this there is memory.maxBytes'],
    [
      { dataStream: true },
      'dataStream',
      'for this there is index, which takes the name of a data stream',
    ],
    [
      { indexPrefix: 'x' },
      'indexPrefix',
      "for this there is index with %{DATE}, such as 'logs-%{DATE}'",
    ],
  ]
  for (const [input, path, hint] of cases) {
    it(`${path}: ${hint}`, () => {
      assert.deepEqual(faultOf(input), {
        path,
        expected: `a known name; ${hint}`,
        got: 'an unknown one',
      })
    })
  }

  it('that is like no other is refused without a guess', () => {
    assert.equal(faultOf({ zebra: 1 }).expected, 'a known name')
  })

  it('in a small group is told the names that it has', () => {
    assert.equal(
      faultOf({ timeouts: { zebra: 1 } }).expected,
      'a known name: connectMs, responseMs or idleMs',
    )
  })

  it('is refused at every level', () => {
    const groups = ['cloud', 'tls', 'timeouts', 'retry', 'memory', 'selfLog', 'shutdown']
    for (const name of groups) {
      assert.ok(pathsOf({ [name]: { zebra: 1 } }).includes(`${name}.zebra`), name)
    }
    assert.deepEqual(pathsOf({ auth: { apiKey: 'k', zebra: 1 } }), ['auth.zebra'])
    assert.deepEqual(pathsOf({ auth: { apiKey: { id: 'a', api_key: 'b', zebra: 1 } } }), [
      'auth.apiKey.zebra',
    ])
  })

  it('is quoted and cut where it would break the message', () => {
    assert.equal(faultOf({ 'a\nb': 1 }).path, '"a\\nb"')
    assert.equal(faultOf({ ['x'.repeat(100)]: 1 }).path.length, 63)
  })

  it('is refused where a group is no object', () => {
    for (const value of [null, 'x', 5, [], true]) {
      assert.deepEqual(pathsOf({ timeouts: value, retry: value, levels: value }), [
        'timeouts',
        'retry',
        'levels',
      ])
    }
  })
})

describe('editDistance', () => {
  const cases: readonly [string, string, number][] = [
    ['', '', 0],
    ['', 'abc', 3],
    ['abc', '', 3],
    ['kitten', 'sitting', 3],
    ['ndoe', 'node', 1],
    ['ca', 'abc', 3],
    ['flushbyte', 'flushbytes', 1],
  ]
  for (const [a, b, distance] of cases) {
    it(`is ${distance} from '${a}' to '${b}'`, () => {
      assert.equal(editDistance(a, b), distance)
    })
  }
})

describe('nearestName', () => {
  it('takes the nearest of several', () => {
    assert.equal(nearestName('nodex', ['nodes', 'node', 'code']), 'nodes')
    assert.equal(nearestName('node', ['code', 'node']), 'node')
  })

  it('allows one edit in three characters, and three at most', () => {
    assert.equal(nearestName('abc', ['xbc']), 'xbc')
    assert.equal(nearestName('abc', ['xyc']), undefined)
    assert.equal(nearestName('abcdefghijklmno', ['abcdefghijkl']), 'abcdefghijkl')
    assert.equal(nearestName('abcdefghijklmno', ['abcdefghijk']), undefined)
  })
})
