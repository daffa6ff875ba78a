import assert from 'node:assert/strict'
import { isUtf8 } from 'node:buffer'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import type { FramerOptions } from '../../src/framing/index.ts'
import { repairDocument } from '../../src/framing/index.ts'
import { frame, startFraming, wallText } from '../unit/framing/collecting-sink.ts'
import { readStrictly } from '../unit/framing/read-strictly.ts'

const knownKeys = [
  'time',
  'level',
  'msg',
  'message',
  'err',
  'error',
  'stack',
  'stack_trace',
  'pid',
  'process.pid',
  'log.level',
  'ecs.version',
  'trace_id',
  'service.name',
  '@timestamp',
  '"@timestamp"',
  '\\x',
  '"',
  '',
  '__proto__',
]
/**
 * No key ends in a backslash: JSON.parse of Node 24.21 gives the key `\\` for `"\\""` once it has seen an object with
 * the key `\\` in that place (`JSON.parse('{"t":1,"\\\\":""}'); JSON.parse('{"t":1,"\\"":""}')`), and it is the judge here.
 */
const key = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...knownKeys) },
  {
    weight: 1,
    arbitrary: fc.string({ unit: 'binary' }).filter((text) => !text.endsWith('\\')),
  },
)
const time = fc.oneof(
  fc.integer({ min: 0, max: 253_402_300_799 }),
  fc.integer({ min: 1_700_000_000_000, max: 1_700_000_002_000 }),
  fc.double(),
  fc
    .date({ min: new Date(0), max: new Date(253_402_300_799_999), noInvalidDate: true })
    .map((date) => date.toISOString()),
)
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.oneof(
      time,
      fc.string({ unit: 'binary' }),
      fc.constantFrom(true, null, 30, '{"', '@timestamp"'),
    ),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key, tie('value'), { maxKeys: 4 }),
  ),
}))
const object = fc.dictionary(key, value, { maxKeys: 8 })
const blank = fc.constantFrom('', '', ' ', '\t', '  ')
const jsonLine = fc
  .tuple(object, fc.constantFrom(undefined, 1), blank, blank)
  .map(([content, indent, before, after]) => {
    const text = JSON.stringify(content, undefined, indent).replaceAll('\n', '')
    return Buffer.from(`${before}${text}${after}`)
  })
const anyLine = fc.oneof(
  { weight: 3, arbitrary: jsonLine },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(jsonLine, fc.nat(), fc.uint8Array({ maxLength: 3 }))
      .map(([line, at, bytes]) => {
        const cut = at % (line.length + 1)
        return Buffer.concat([line.subarray(0, cut), bytes, line.subarray(cut + 1)])
      }),
  },
)
const options: fc.Arbitrary<Partial<FramerOptions>> = fc.record({
  format: fc.constantFrom('pino' as const, 'ecs' as const),
  index: fc.constantFrom('logs', 'logs-%{DATE}'),
  fields: fc.oneof(
    fc.constant({}),
    fc.dictionary(key, fc.constantFrom('static', 1, null, { a: [1] }), { maxKeys: 4 }),
  ),
})

const renamed = new Set(
  ['time', 'level', 'msg', 'err', 'pid', 'trace_id'].concat('span_id', 'name', 'hostname'),
)

/** Does the ECS document hold every value of the line that has no other name or form there, and the message? */
function assertNothingLost(line: Record<string, unknown>, document: Record<string, unknown>): void {
  for (const [name, content] of Object.entries(line)) {
    if (!renamed.has(name)) assert.deepEqual(document[name], content, name)
  }
  if (!Object.hasOwn(line, 'msg') || Object.hasOwn(line, '@timestamp')) return
  assert.deepEqual(document[Object.hasOwn(line, 'message') ? 'msg' : 'message'], line['msg'])
}

describe('framing', () => {
  it('gives the same documents however the stream is cut into chunks', () => {
    const stream = fc.tuple(
      fc.array(fc.tuple(anyLine, fc.constantFrom('\n', '\r\n', '\n\n')), { maxLength: 8 }),
      fc.array(fc.integer({ min: 1, max: 70 }), { minLength: 1, maxLength: 8 }),
      options,
      fc.constantFrom(40, 200, 10_000),
    )
    fc.assert(
      fc.property(stream, ([lines, sizes, how, maxLineBytes]) => {
        const input = Buffer.concat(lines.flatMap(([line, end]) => [line, Buffer.from(end)]))
        const limits = { ...how, maxLineBytes, headBytes: 16 }
        const whole = frame(input, limits)
        const cut = startFraming(limits)
        let at = 0
        for (let i = 0; at < input.length; i++) {
          const size = sizes[i % sizes.length] ?? 1
          const chunk = Buffer.from(input.subarray(at, at + size))
          cut.framer.push(chunk)
          chunk.fill(0)
          at += size
        }
        cut.framer.end()
        assert.deepEqual(cut.sink.documents, whole.sink.documents)
        assert.deepEqual(cut.sink.indices, whole.sink.indices)
        assert.deepEqual(cut.sink.tooLong, whole.sink.tooLong)
        assert.deepEqual(cut.wrapped, whole.wrapped)
      }),
      { numRuns: 500 },
    )
  })

  it('adds @timestamp and the fields to a JSON line, and changes nothing else', () => {
    fc.assert(
      fc.property(fc.array(jsonLine, { maxLength: 6 }), options, (lines, how) => {
        const fields = { ...how.fields }
        delete fields['@timestamp']
        const input = Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')]))
        const { sink } = frame(input, { ...how, format: 'pino', fields })
        assert.equal(sink.documents.length, lines.length)
        for (const [i, line] of lines.entries()) {
          const text = sink.texts()[i] ?? ''
          const document = readStrictly(text)
          const { '@timestamp': stamp, ...rest } = document as Record<string, unknown>
          const given = JSON.parse(line.toString()) as Record<string, unknown>
          const { '@timestamp': own, ...entries } = given
          assert.deepEqual(rest, { ...fields, ...entries })
          if (own === undefined) assert.ok(!Number.isNaN(Date.parse(String(stamp))))
          else assert.deepEqual(stamp, own)
          assert.ok(text.endsWith(line.toString().trim().slice(1)))
        }
      }),
      { numRuns: 500 },
    )
  })

  it('gives sound JSON without a double key in ECS, and loses no value', () => {
    fc.assert(
      fc.property(fc.array(jsonLine, { maxLength: 6 }), options, (lines, how) => {
        const input = Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')]))
        const { sink } = frame(input, { ...how, format: 'ecs' })
        assert.equal(sink.documents.length, lines.length)
        for (const [i, line] of lines.entries()) {
          const document = readStrictly(sink.texts()[i] ?? '') as Record<string, unknown>
          assertNothingLost(JSON.parse(line.toString()) as Record<string, unknown>, document)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('writes every epoch as Date does, in s, ms, µs and ns', () => {
    const range = fc.integer({ min: 100_000_000_000, max: 99_999_999_999_999 })
    fc.assert(
      fc.property(range, fc.nat(999), fc.nat(999), (ms, micros, nanos) => {
        const lines = [
          `{"time":${ms}}`,
          `{"time":${ms / 1000}}`,
          `{"time":${ms}${String(micros).padStart(3, '0')}}`,
          `{"level":30,"time":${ms}${String(micros).padStart(3, '0')}${String(nanos).padStart(3, '0')}}`,
          `{"level":30,"time":${ms}}`,
        ]
        const stamps = frame(lines.join('\n'))
          .sink.objects()
          .map((document) => String(document['@timestamp']))
        const text = new Date(ms).toISOString()
        assert.equal(stamps[0], text)
        assert.equal(stamps[1], text)
        for (const stamp of stamps) assert.equal(stamp.slice(0, 23), text.slice(0, 23))
        const digits = (n: number) => String(n).padStart(3, '0')
        const group = micros === 0 ? '' : digits(micros)
        assert.equal(stamps[2]?.slice(23), `${group}Z`)
        assert.equal(
          stamps[3]?.slice(23),
          `${nanos === 0 ? group : digits(micros) + digits(nanos)}Z`,
        )
      }),
    )
  })

  it('copies ISO texts, and files them under their UTC day', () => {
    const date = fc.date({
      min: new Date(0),
      max: new Date(253_402_000_000_000),
      noInvalidDate: true,
    })
    fc.assert(
      fc.property(date, fc.integer({ min: -1080, max: 1080 }), (at, offset) => {
        const two = (n: number) => String(n).padStart(2, '0')
        const shifted = new Date(at.getTime() + offset * 60_000)
        fc.pre(shifted.getTime() >= 0)
        const away = Math.abs(offset)
        const zone = `${offset < 0 ? '-' : '+'}${two(Math.floor(away / 60))}:${two(away % 60)}`
        const text = shifted.toISOString().replace('Z', zone)
        const { sink } = frame(JSON.stringify({ time: text }), { index: '%{DATE}' })
        assert.equal(sink.objects()[0]?.['@timestamp'], text)
        assert.deepEqual(sink.indices, [at.toISOString().slice(0, 10)])
      }),
    )
  })

  it('takes the wall clock for whatever else stands as the time', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), object, fc.array(value)), (odd) => {
        fc.pre(typeof odd !== 'string' || !/^\d[\d.e+-]*$/i.test(odd))
        const { sink } = frame(JSON.stringify({ time: odd }))
        assert.equal(sink.objects()[0]?.['@timestamp'], wallText)
      }),
    )
  })
})

const doubledKey = fc.constantFrom(
  ...['a', 'b', 'A', '', 'a.b', 'ü', '\u0001', '"', 'b\\c', '__proto__'],
)

/** A key as JSON, plain or with needless escapes. */
const keyText = fc.tuple(doubledKey, fc.boolean()).map(([text, isEscaped]) => {
  if (!isEscaped) return JSON.stringify(text)
  const units = Array.from({ length: text.length }, (_, i) => text.charCodeAt(i))
  return `"${units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')}"`
})
const scalar = fc.oneof(
  fc.jsonValue({ maxDepth: 0 }).map((content) => JSON.stringify(content)),
  fc.constantFrom('"\\"a\\":1,"', '"}"', '"\\\\"', '-0.5e+3', '"\\ud800"'),
)
/** JSON texts in which keys come again and again. */
const { valueText, objectText } = fc.letrec<{ valueText: string; objectText: string }>((tie) => ({
  valueText: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    scalar,
    tie('objectText'),
    fc.array(tie('valueText'), { maxLength: 3 }).map((items) => `[${items.join(',')}]`),
  ),
  objectText: fc
    .array(fc.tuple(blank, keyText, blank, tie('valueText'), blank), { maxLength: 6 })
    .map((members) => `{${members.map(([x, k, y, v, z]) => `${x}${k}${y}:${v}${z}`).join(',')}}`),
}))

/** Holds whatever comes: the result is a sound object without a double key, and there is nothing left to do. */
function mend(line: Buffer): unknown {
  const repair = repairDocument(line)
  const result = repair?.line ?? line
  assert.ok(isUtf8(result))
  const read = readStrictly(result.toString())
  assert.ok(typeof read === 'object' && read !== null && !Array.isArray(read))
  assert.equal(repairDocument(result), undefined)
  for (const text of repair?.repairs ?? []) assert.ok(text.length <= 80)
  return read
}

describe('repair', () => {
  it('gives what JSON.parse makes of double keys: the last one, at any depth', () => {
    fc.assert(
      fc.property(objectText, (text) => {
        assert.deepEqual(mend(Buffer.from(text)), JSON.parse(text))
      }),
      { numRuns: 2000 },
    )
  })

  it('changes nothing in JSON without a double key', () => {
    const sound = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue())
    fc.assert(
      fc.property(sound, fc.constantFrom(undefined, 1), (content, indent) => {
        assert.equal(
          repairDocument(Buffer.from(JSON.stringify(content, undefined, indent))),
          undefined,
        )
      }),
      { numRuns: 500 },
    )
  })

  it('keeps every control byte of a string, escaped', () => {
    const text = fc.string({ unit: fc.constantFrom('\u0000', '\t', '\n', '\u001f', 'x', 'ü') })
    fc.assert(
      fc.property(text, text, (name, content) => {
        const line = Buffer.from(`{"${name}":"${content}"}`)
        assert.deepEqual(mend(line), JSON.parse(JSON.stringify({ [name]: content })))
      }),
      { numRuns: 500 },
    )
  })

  it('gives a sound object for anything that is left of JSON', () => {
    const damage = fc.array(
      fc.tuple(
        fc.nat(),
        fc.nat(3),
        fc.oneof(
          fc.uint8Array({ maxLength: 3 }),
          fc.constantFrom('"', '\\', '{', '}', ',', '"a":1,', ':').map((text) => Buffer.from(text)),
        ),
      ),
      { maxLength: 4 },
    )
    fc.assert(
      fc.property(objectText, valueText, damage, (text, inner, hits) => {
        let line = Buffer.from(text.replace('}', `,"x":${inner}}`))
        for (const [at, cut, bytes] of hits) {
          const start = at % (line.length + 1)
          line = Buffer.concat([line.subarray(0, start), bytes, line.subarray(start + cut)])
        }
        mend(line)
      }),
      { numRuns: 3000 },
    )
  })

  it('keeps as text exactly what JSON.parse refuses or takes for no object', () => {
    fc.assert(
      fc.property(fc.oneof(valueText, fc.string(), fc.json()), (text) => {
        fc.pre(!/[\p{Cc}\p{Cs}]/u.test(text))
        const repairs = repairDocument(Buffer.from(text))?.repairs ?? []
        let parsed: unknown
        try {
          parsed = JSON.parse(text)
        } catch {
          parsed = undefined
        }
        const isObject = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
        assert.equal(repairs.includes('not JSON: kept as text'), !isObject)
        if (!isObject) assert.deepEqual(mend(Buffer.from(text)), { message: text })
      }),
      { numRuns: 1000 },
    )
  })
})
