import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { faultOf, pathsOf, resolved } from './resolving.ts'

describe('fields', () => {
  it('are anything that JSON can say', () => {
    const fields = {
      'service.name': 'x',
      nothing: null,
      list: [1, 'a', true, [], {}],
      kubernetes: { pod: { name: 'p' } },
      toString: 1,
    }
    assert.deepEqual(resolved({ fields }).fields, fields)
  })

  it('keep a field of any name as it is', () => {
    const text = '{"__proto__":{"a":1},"constructor":2}'
    const fields: unknown = JSON.parse(text)
    assert.equal(JSON.stringify(resolved({ fields }).fields), text)
  })

  const shared = { a: 1 }
  it('may hold one object in two places', () => {
    const fields = { x: shared, y: [shared, shared] }
    assert.deepEqual(resolved({ fields }).fields, fields)
  })

  const cycle: Record<string, unknown> = {}
  cycle['self'] = [cycle]
  const revoked = Proxy.revocable({}, {})
  revoked.revoke()
  const wrong: readonly [what: string, fields: unknown, path: string, got: string][] = [
    ['undefined', { a: { b: undefined } }, 'fields.a.b', 'nothing'],
    ['a function', { a: [1, () => 1] }, 'fields.a[1]', 'a function'],
    ['NaN', { a: Number.NaN }, 'fields.a', 'NaN'],
    ['Infinity', { a: -Infinity }, 'fields.a', '-Infinity'],
    ['a bigint', { a: 1n }, 'fields.a', 'a bigint'],
    ['a symbol', { a: Symbol('s') }, 'fields.a', 'a symbol'],
    ['a date', { a: new Date() }, 'fields.a', 'an object'],
    ['bytes', { a: Buffer.from('x') }, 'fields.a', 'bytes'],
    ['a hole', { a: new Array(1) }, 'fields.a[0]', 'nothing'],
    ['a cycle', cycle, 'fields.self[0]', 'an object within itself'],
    ['what cannot be read', { a: revoked.proxy }, 'fields.a', 'an object that cannot be read'],
    ['a time', { '@timestamp': 'x' }, 'fields.@timestamp', 'one'],
    ['an empty name', { '': 1 }, 'fields.""', 'one'],
    ['an empty part of a name', { a: { 'b..c': 1 } }, 'fields.a.b..c', 'one'],
    ['a name that ends in a dot', { 'b.': 1 }, 'fields.b.', 'one'],
    ['an array', [1], 'fields', 'an array'],
    ['text', 'x', 'fields', 'a string'],
    ['null', null, 'fields', 'null'],
  ]
  for (const [what, fields, path, got] of wrong) {
    it(`may not be or hold ${what}`, () => {
      const fault = faultOf({ fields })
      assert.deepEqual([fault.path, fault.got], [path, got])
    })
  }

  it('report each wrong value', () => {
    const fields = { a: Number.NaN, b: { c: undefined }, '@timestamp': 1, ok: 1 }
    assert.deepEqual(pathsOf({ fields }), ['fields.a', 'fields.b.c', 'fields.@timestamp'])
  })

  it('go 20 levels deep and no deeper', () => {
    const nested = (levels: number): unknown =>
      levels === 1 ? { a: 1 } : { a: nested(levels - 1) }
    assert.deepEqual(pathsOf({ fields: nested(20) }), [])
    assert.equal(faultOf({ fields: nested(21) }).expected, 'at most 20 levels')
    let deep: unknown = 1
    for (let i = 0; i < 100_000; i++) deep = [deep]
    assert.equal(faultOf({ fields: { deep } }).expected, 'at most 20 levels')
  })
})

describe('the size of fields', () => {
  const frame = '{"a":""}'.length
  const sizes: readonly [what: string, sign: string, bytes: number][] = [
    ['plain text', 'x', 1],
    ['other scripts', 'ж', 2],
    ['text that JSON escapes', '\n', 2],
  ]
  for (const [what, sign, bytes] of sizes) {
    it(`ends at 65,536 bytes of JSON: ${what}`, () => {
      const most = Math.floor((65_536 - frame) / bytes)
      assert.deepEqual(pathsOf({ fields: { a: sign.repeat(most) } }), [])
      assert.deepEqual(faultOf({ fields: { a: sign.repeat(most + 1) } }), {
        path: 'fields',
        expected: 'at most 65,536 bytes of JSON',
        got: 'more',
      })
    })
  }

  it('is found at once in a graph that would unfold to a thousand million objects', () => {
    let graph: unknown = 'x'
    for (let i = 0; i < 15; i++) graph = [graph, graph, graph, graph]
    assert.equal(faultOf({ fields: { graph } }).expected, 'at most 65,536 bytes of JSON')
  })

  it('is found at once in an array of four thousand million holes', () => {
    assert.equal(faultOf({ fields: { a: new Array(4_294_967_295) } }).path, 'fields.a')
  })
})
