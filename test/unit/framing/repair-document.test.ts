import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { repairDocument } from '../../../src/framing/index.ts'

/** The repaired text and what was done. */
function repaired(line: string | Buffer): readonly [string, readonly string[]] | undefined {
  const repair = repairDocument(Buffer.from(line))
  return repair && [repair.line.toString(), repair.repairs]
}

describe('repair of a key that comes twice', () => {
  const cases: readonly (readonly [what: string, line: string, result: string, names: string[]])[] =
    [
      ['cuts the earlier one', '{"a":1,"b":2,"a":3}', '{"b":2,"a":3}', ['a']],
      ['cuts all but the last', '{"a":1,"a":2,"b":0,"a":3}', '{"b":0,"a":3}', ['a']],
      ['leaves the other blanks', '{ "a" : 1 , "b":2, "a":3 }', '{  "b":2, "a":3 }', ['a']],
      ['compares decoded keys', '{"a":1,"\\u0061":2}', '{"\\u0061":2}', ['a']],
      ['works at any depth', '{"r":{"h":{"x":1,"x":2}}}', '{"r":{"h":{"x":2}}}', ['r.h.x']],
      [
        'works inside of arrays',
        '{"l":[{"x":1,"x":2},[{"y":1,"y":2}]]}',
        '{"l":[{"x":2},[{"y":2}]]}',
        ['l.x', 'l.y'],
      ],
      ['cuts a member that has a double inside', '{"a":{"x":1,"x":2},"a":3}', '{"a":3}', ['a']],
      [
        'mends the inside of the one that stays',
        '{"a":1,"a":{"x":1,"x":2}}',
        '{"a":{"x":2}}',
        ['a', 'a.x'],
      ],
      [
        'tells an inner key from an outer one',
        '{"a":{"b":1},"b":{"a":2,"b":3},"a":4}',
        '{"b":{"a":2,"b":3},"a":4}',
        ['a'],
      ],
      [
        'tells the objects of a list apart',
        '{"l":[{"a":1},{"a":2}],"a":1,"a":2}',
        '{"l":[{"a":1},{"a":2}],"a":2}',
        ['a'],
      ],
      ['knows the empty key', '{"":1,"":{"":1,"":2}}', '{"":{"":2}}', ['', '.']],
      [
        'is not misled by text',
        '{"a":"\\"a\\":1,}","b":"{\\\\","a":2}',
        '{"b":"{\\\\","a":2}',
        ['a'],
      ],
      ['mends what went with the cut', '{"a":NaN,"a":1}', '{"a":1}', ['a']],
    ]
  for (const [what, line, result, names] of cases) {
    it(what, () => {
      const repairs = names.map((name) => `duplicate key "${name}"`)
      assert.deepEqual(repaired(line), [result, repairs])
    })
  }

  it('names at most five, each in at most 80 characters', () => {
    const keys = ['x'.repeat(200), `${'y'.repeat(70)}😀😀`, 'tab\tnul\u0000', 'd', 'e', 'f', 'g']
    const entries = keys.flatMap((key) => [`${JSON.stringify(key)}:1`, `${JSON.stringify(key)}:2`])
    const repairs = repairDocument(Buffer.from(`{${entries.join(',')}}`))?.repairs ?? []
    assert.deepEqual(repairs.slice(2), [
      'duplicate key "tab nul "',
      'duplicate key "d"',
      'duplicate key "e"',
      'more duplicate keys',
    ])
    for (const repair of repairs) {
      assert.ok(repair.length <= 80, repair)
      assert.doesNotMatch(repair, /[\ud800-\udbff](?![\udc00-\udfff])/)
    }
  })
})

describe('repair of bytes', () => {
  it('escapes control bytes in strings, and makes spaces of those outside', () => {
    assert.deepEqual(
      repaired('{"a\u0001":"\u0000\b\t\n\f\r\u001f\u007f"\u0000,\u001b"b":1}\u0000'),
      ['{"a\\u0001":"\\u0000\\b\\t\\n\\f\\r\\u001f\u007f" , "b":1} ', ['11 control bytes']],
    )
    assert.deepEqual(repaired('{"a":"\u0002"}'), ['{"a":"\\u0002"}', ['1 control byte']])
  })

  it('leaves blanks between the members alone', () => {
    assert.equal(repaired('{\t"a":1,\r\n"b":2 }'), undefined)
  })

  it('keeps a backslash before a control byte as a backslash', () => {
    const [text] = repaired('{"a":"x\\\ty"}') ?? ['']
    assert.deepEqual(JSON.parse(text), { a: 'x\\\ty' })
  })

  it('finds keys equal of which one has the control byte raw', () => {
    assert.deepEqual(repaired('{"a\u0001":1,"a\\u0001":2}'), [
      '{"a\\u0001":2}',
      ['1 control byte', 'duplicate key "a "'],
    ])
  })

  it('puts U+FFFD for bad UTF-8, in keys too', () => {
    const bad = Buffer.concat([
      Buffer.from('{"a'),
      Buffer.from([0xff]),
      Buffer.from('":"ü'),
      Buffer.from([0xe2, 0x82]),
      Buffer.from('"}'),
    ])
    assert.deepEqual(repaired(bad), ['{"a\ufffd":"ü\ufffd"}', ['invalid UTF-8']])
  })

  it('does all of it at once', () => {
    const bad = Buffer.concat([
      Buffer.from('{"a":"\u0001","a":"'),
      Buffer.from([0x80]),
      Buffer.from('"}'),
    ])
    assert.deepEqual(repaired(bad), [
      '{"a":"\ufffd"}',
      ['invalid UTF-8', '1 control byte', 'duplicate key "a"'],
    ])
  })
})

describe('repair of what is no JSON object', () => {
  const broken = [
    '',
    ' ',
    'null',
    '[1]',
    '"x"',
    '5',
    '{',
    '}',
    '{"a"}',
    '{"a":}',
    '{"a":1',
    '{"a":1,}',
    '{,"a":1}',
    '{"a":1,,"b":2}',
    '{"a":1 "b":2}',
    '{a:1}',
    "{'a':1}",
    '{"a":01}',
    '{"a":1.}',
    '{"a":.5}',
    '{"a":+1}',
    '{"a":1e}',
    '{"a":-}',
    '{"a":tru}',
    '{"a":undefined}',
    '{"a":NaN}',
    '{"a":"x}',
    '{"a":"\\x"}',
    '{"a":"\\u12g4"}',
    '{"a":"\\u12"}',
    '{"a":[1,]}',
    '{"a":[1}',
    '{"a":{]}',
    '{"a":1}}',
    '{"a":1}{"b":2}',
    '{"a":1} x',
    '{"a":"b"c"}',
    '{"a":x"y"}',
    '{"a":1:2}',
    '{"a\\q":1}',
  ]
  for (const line of broken) {
    it(`keeps ${line === '' ? 'nothing' : line} as text`, () => {
      assert.deepEqual(repaired(line), [
        JSON.stringify({ message: line }),
        ['not JSON: kept as text'],
      ])
    })
  }

  it('takes over the @timestamp', () => {
    const line = '{"@timestamp":"2026-11-22T20:33:15.123Z","a":x,"b":"ü"}'
    assert.deepEqual(repaired(line), [
      JSON.stringify({ '@timestamp': '2026-11-22T20:33:15.123Z', message: line }),
      ['not JSON: kept as text'],
    ])
    const own = '{"log.level":"info","@timestamp":"2026-11-22T20:33:15.123Z","a":x}'
    const expected = { '@timestamp': '2026-11-22T20:33:15.123Z', message: own }
    assert.deepEqual(JSON.parse(repaired(own)?.[0] ?? ''), expected)
  })

  it('takes over no @timestamp that is none', () => {
    for (const line of [
      '{"@timestamp":"soon","a":x}',
      '{"@timestamp":"2026-11-22T20:33',
      '{"@timestamp":5,x}',
    ]) {
      assert.deepEqual(JSON.parse(repaired(line)?.[0] ?? ''), { message: line })
    }
  })
})

describe('repair', () => {
  it('finds nothing to do in sound JSON', () => {
    const sound = [
      '{}',
      ' { } ',
      '{"a":[],"b":{},"c":[{},[]],"d":"\\u00e9\\n\\/","e":-0.5e+10,"f":[true,false,null],"g":"ü😀\u007f"}',
      '{"a":{"a":{"a":1}},"b":[{"a":1},{"a":1}]}',
      '{"a":1E5,"b":0,"c":-0,"d":10.25}',
    ]
    for (const line of sound) assert.equal(repairDocument(Buffer.from(line)), undefined, line)
  })

  it('does not overflow the stack on 100,000 brackets, sound or not', () => {
    const open = '[{"a":'.repeat(100_000)
    const close = '}]'.repeat(100_000)
    assert.equal(
      repairDocument(Buffer.from(`{"x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`)),
      undefined,
    )
    assert.deepEqual(repaired(`{"x":1,"x":${open}1${close}}`)?.[1], ['not JSON: kept as text'])
    assert.deepEqual(
      repaired(`{"x":1,"x":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_001)}`)?.[1],
      ['duplicate key "x"'],
    )
    assert.deepEqual(repaired(`{"x":${open}`)?.[1], ['not JSON: kept as text'])
  })

  it('leaves the line that it is given as it was', () => {
    const line = Buffer.from('{"a":"\u0001","a":2}')
    const before = Buffer.from(line)
    repairDocument(line)
    assert.deepEqual(line, before)
  })
})
