import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { FramerOptions } from '../../../src/framing/index.ts'
import { frame, startFraming, wallText } from './collecting-sink.ts'

/** The `@timestamp` of a line whose `time` is this JSON. */
function stampOf(time: string, options: Partial<FramerOptions> = {}): unknown {
  const { sink } = frame(`{"level":30,"time":${time},"msg":"x"}\n`, options)
  return sink.objects()[0]?.['@timestamp']
}

describe('the time of a line', () => {
  const numbers: readonly (readonly [json: string, text: string])[] = [
    ['1700000000', '2023-11-14T22:13:20.000Z'],
    ['1700000000.5', '2023-11-14T22:13:20.500Z'],
    ['1700000000.123456', '2023-11-14T22:13:20.123456Z'],
    ['1700000000.1234567899', '2023-11-14T22:13:20.123456789Z'],
    ['99999999999', '5138-11-16T09:46:39.000Z'],
    ['100000000000', '1973-03-03T09:46:40.000Z'],
    ['1700000000123', '2023-11-14T22:13:20.123Z'],
    ['1700000000123.25', '2023-11-14T22:13:20.123250Z'],
    ['1700000000123456', '2023-11-14T22:13:20.123456Z'],
    ['1700000000123000', '2023-11-14T22:13:20.123Z'],
    ['1700000000123456789', '2023-11-14T22:13:20.123456789Z'],
    ['1700000000123456000', '2023-11-14T22:13:20.123456Z'],
    ['1700000000000000001', '2023-11-14T22:13:20.000000001Z'],
    ['1.7e9', '2023-11-14T22:13:20.000Z'],
    ['1.700000000123E+12', '2023-11-14T22:13:20.123Z'],
    ['17000000000000e-1', '2023-11-14T22:13:20.000Z'],
    ['0', '1970-01-01T00:00:00.000Z'],
    ['0.001', '1970-01-01T00:00:00.001Z'],
    ['0.000000001', '1970-01-01T00:00:00.000000001Z'],
    ['1e-300', '1970-01-01T00:00:00.000Z'],
    ['"1700000000123"', '2023-11-14T22:13:20.123Z'],
    ['"1700000000"', '2023-11-14T22:13:20.000Z'],
    ['253402300799999999999', '9999-12-31T23:59:59.999999999Z'],
  ]
  for (const [json, text] of numbers) {
    it(`reads ${json} as ${text}`, () => assert.equal(stampOf(json), text))
  }

  const texts: readonly (readonly [text: string, stamp: string])[] = [
    ['2026-11-22T20:33:15.123Z', '2026-11-22T20:33:15.123Z'],
    ['2026-11-22T20:33:15Z', '2026-11-22T20:33:15Z'],
    ['2026-11-22T20:33Z', '2026-11-22T20:33Z'],
    ['2026-11-22T20:33:15.123456789+05:30', '2026-11-22T20:33:15.123456789+05:30'],
    ['2026-11-22T20:33:15-0800', '2026-11-22T20:33:15-0800'],
    ['2026-11-22T20:33:15+01', '2026-11-22T20:33:15+01'],
    ['2026-11-22T20:33:15.1', '2026-11-22T20:33:15.1Z'],
    ['2026-11-22T20:33:15,25Z', '2026-11-22T20:33:15.25Z'],
    ['2026-11-22T20:33:15.1234567891234Z', '2026-11-22T20:33:15.123456789Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00Z'],
  ]
  for (const [text, stamp] of texts) {
    it(`takes the text ${text} as ${stamp}`, () => assert.equal(stampOf(`"${text}"`), stamp))
  }

  const unusable = [
    '-1',
    '1e30',
    '253402300800000000000',
    '9999999999999999999999999999999999999999999999999999',
    'null',
    'true',
    '{"a":1700000000000}',
    '[1700000000000]',
    '""',
    '"yesterday"',
    '"1700000000000x"',
    '"-1700000000000"',
    '"2026-11-22 20:33:15Z"',
    '"2026-11-22"',
    '"2026-13-22T20:33:15Z"',
    '"2026-02-29T20:33:15Z"',
    '"1900-02-29T20:33:15Z"',
    '"2026-04-31T20:33:15Z"',
    '"2026-00-22T20:33:15Z"',
    '"2026-11-00T20:33:15Z"',
    '"2026-11-22T24:33:15Z"',
    '"2026-11-22T20:60:15Z"',
    '"2026-11-22T20:33:60Z"',
    '"2026-11-22T20:33:15.Z"',
    '"2026-11-22T20:33.5Z"',
    '"2026-11-22T20:33:15+19:00"',
    '"2026-11-22T20:33:15+1:00"',
    '"2026-11-22T20:33:15Zulu"',
    '"2026-11-22T20:33:15z"',
    '"2026-11-22T20:33:15Z\\u0020"',
    '"+02026-11-22T20:33:15Z"',
    '"20x6-11-22T20:33:15Z"',
    '"x026-11-22T20:33:15Z"',
  ]
  for (const json of unusable) {
    it(`is the wall clock's for ${json}`, () => assert.equal(stampOf(json), wallText))
  }

  it('is the wall clock at the push when the line has none', () => {
    const { framer, sink, clock } = startFraming()
    framer.push(Buffer.from('{"a":1}\n{"b":'))
    clock.wallMs += 1000
    framer.push(Buffer.from('2}\n'))
    assert.deepEqual(
      sink.objects().map((object) => object['@timestamp']),
      [wallText, '2026-11-22T20:33:16.123Z'],
    )
  })

  it('is only taken from the top level, the first of its name', () => {
    const { sink } = frame(
      [
        '{"a":{"time":1},"b":[{"time":2}],"c":"\\"time\\":3","d\\"":"}","time":1700000000000}',
        '{"time":1700000000000,"time":1800000000000}',
        '{ "x" : [ ] , "time" : 1700000000000 }',
      ].join('\n'),
    )
    for (const object of sink.objects()) {
      assert.equal(object['@timestamp'], '2023-11-14T22:13:20.000Z')
    }
  })

  it('stays in the document', () => {
    const { sink } = frame('{"level":30,"time":1700000000000,"msg":"x"}\n')
    const document = `{"@timestamp":"2023-11-14T22:13:20.000Z","level":30,"time":1700000000000,"msg":"x"}`
    assert.deepEqual(sink.texts(), [document])
  })

  it('is right for lines that change between seconds, precisions and ways of writing', () => {
    const times: readonly (readonly [json: string, stamp: string])[] = [
      ['1700000000001', '2023-11-14T22:13:20.001Z'],
      ['1700000000002', '2023-11-14T22:13:20.002Z'],
      ['1700000000', '2023-11-14T22:13:20.000Z'],
      ['1700000000003456', '2023-11-14T22:13:20.003456Z'],
      ['1700000000003', '2023-11-14T22:13:20.003Z'],
      ['"2023-11-14T22:13:20.9Z"', '2023-11-14T22:13:20.9Z'],
      ['1700000000004', '2023-11-14T22:13:20.004Z'],
      ['"2020-11-14T22:13:20.999Z"', '2020-11-14T22:13:20.999Z'],
      ['1700000000005', '2023-11-14T22:13:20.005Z'],
      ['1700086400005', '2023-11-15T22:13:20.005Z'],
      ['17000000000051', '2508-09-16T06:13:20.051Z'],
      ['{}', wallText],
      ['1700000000007', '2023-11-14T22:13:20.007Z'],
    ]
    const input = times.map(([json], i) => `{"level":30,"time":${json}${i % 2 ? ',"b":1' : ''}}`)
    const { sink } = frame(input.join('\n'), { fields: { a: 'b' } })
    assert.deepEqual(
      sink.objects().map((object) => object['@timestamp']),
      times.map(([, text]) => text),
    )
    for (const object of sink.objects()) assert.equal(object['a'], 'b')
  })

  it('may have another key, a needy one too', () => {
    for (const timestampKey of ['ts', 'zeit "jetzt"\n', 'größe']) {
      const line = JSON.stringify({ level: 30, [timestampKey]: 1700000000000, time: 5 })
      const { sink } = frame(`${line}\n${line}\n`, { timestampKey })
      for (const object of sink.objects()) {
        assert.equal(object['@timestamp'], '2023-11-14T22:13:20.000Z')
      }
    }
  })

  it('is found behind a level that is a label, and behind another level key', () => {
    const lines = '{"level":"info","time":1700000000000}\n{"severity":30,"time":1700000000000}\n'
    for (const levelKey of ['level', 'severity']) {
      for (const object of frame(lines, { levelKey }).sink.objects()) {
        assert.equal(object['@timestamp'], '2023-11-14T22:13:20.000Z')
      }
    }
  })
})

describe('the index of a line', () => {
  it('has the UTC day of the line for %{DATE}', () => {
    const lines = [
      '{"time":1700000000000}',
      '{"time":"2026-11-22T23:30:00-01:00"}',
      '{"time":"2026-01-01T00:30:00+01:00"}',
      '{"@timestamp":"2024-02-28T23:30:00-01:00"}',
      '{"a":{"@timestamp":1},"@timestamp":1700000000000}',
      '{"@timestamp":null}',
      'not JSON',
      '{"time":1700000000001}',
    ]
    for (const format of ['pino', 'ecs'] as const) {
      const { sink } = frame(lines.join('\n'), { index: 'logs-%{DATE}-x-%{DATE}', format })
      assert.deepEqual(
        sink.indices,
        [
          '2023-11-14',
          '2026-11-23',
          '2025-12-31',
          '2024-02-29',
          '2023-11-14',
          '2026-11-22',
          '2026-11-22',
          '2023-11-14',
        ].map((day) => `logs-${day}-x-${day}`),
      )
    }
  })

  it('is the same for all lines without %{DATE}', () => {
    const { sink } = frame('{"time":1}\n{"@timestamp":"x"}\nplain\n')
    assert.deepEqual(sink.indices, ['logs-test', 'logs-test', 'logs-test'])
  })
})
