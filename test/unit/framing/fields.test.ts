import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { frame, startFraming, wallText } from './collecting-sink.ts'

describe('static fields', () => {
  const fields = { 'service.name': 'worker', tags: ['a', { b: null }], 'größe "x"': 1 }
  const stamp = `{"@timestamp":"${wallText}",`
  const entries = JSON.stringify(fields).slice(1, -1)

  it('stand behind @timestamp in every document', () => {
    const { sink } = frame('{"a":1}\n{"b":2}\n', { fields })
    assert.deepEqual(sink.texts(), [`${stamp}${entries},"a":1}`, `${stamp}${entries},"b":2}`])
  })

  it('give way to a key of the same name in the line, wherever it stands', () => {
    const lines = [
      '{"service.name":"own"}',
      '{"a":{"b":"}"},"gr\u00f6\u00dfe \\"x\\"":7,"tags":0}',
      '{"a":1}',
    ]
    const { sink } = frame(lines.join('\n'), { fields })
    assert.deepEqual(sink.texts(), [
      `${stamp}"tags":["a",{"b":null}],"größe \\"x\\"":1,"service.name":"own"}`,
      `${stamp}"service.name":"worker","a":{"b":"}"},"größe \\"x\\"":7,"tags":0}`,
      `${stamp}${entries},"a":1}`,
    ])
  })

  it('do not give way to a nested key or to text', () => {
    const { sink } = frame('{"a":{"tags":1},"b":"\\"tags\\":","c":["tags"],"d":"tags"}\n', {
      fields,
    })
    assert.deepEqual(sink.objects()[0]?.['tags'], fields.tags)
  })

  it('may all give way', () => {
    const { sink } = frame('{"a":1}\n{"b":2}\n', { fields: { a: 5 } })
    assert.deepEqual(sink.texts(), [`${stamp}"a":1}`, `${stamp}"a":5,"b":2}`])
  })

  it('cannot set @timestamp', () => {
    const { sink } = frame('{"a":1}\n', { fields: { '@timestamp': 'never' } })
    assert.deepEqual(sink.texts(), [`${stamp}"a":1}`])
  })
})

describe('a line with its own @timestamp', () => {
  const own =
    '{"log.level":"info","@timestamp":"2026-01-02T03:04:05.678Z","time":5,"ecs.version":"1"}'

  it('passes byte for byte', () => {
    const odd = '{ "a" : {"@timestamp":1} ,"@timestamp" : 12 , "b":"\\u0041" }'
    for (const format of ['pino', 'ecs'] as const) {
      const { sink } = frame(`${own}\r\n${odd}\n${own}`, { format })
      assert.deepEqual(sink.texts(), [own, odd, own])
    }
  })

  it('gets the fields in front, but those that it has', () => {
    const fields = { 'ecs.version': '2', 'service.name': 'w' }
    for (const format of ['pino', 'ecs'] as const) {
      const { sink } = frame(`${own}\n`, { fields, format })
      assert.deepEqual(sink.texts(), [`{"service.name":"w",${own.slice(1)}`])
    }
  })

  it('is left alone when it has all of the fields', () => {
    const { sink } = frame(`${own}\n`, { fields: { time: 1 } })
    assert.deepEqual(sink.texts(), [own])
  })

  it('is told from one that only mentions it', () => {
    const lines = [
      '{"query":{"range":{"@timestamp":{"gte":"now"}}}}',
      '{"msg":"bad \\"@timestamp\\": 5"}',
      '{"fields":["@timestamp"]}',
      '{"field":"@timestamp"}',
    ]
    for (const format of ['pino', 'ecs'] as const) {
      const { sink } = frame(lines.join('\n'), { format })
      for (const object of sink.objects()) assert.equal(object['@timestamp'], wallText)
    }
  })

  it('is found in whatever chunk it comes', () => {
    const input = Buffer.from(`{"a":1}\n${own}\n{"b":2}\n{"c":3}\n${own}\n`)
    for (let size = 1; size <= input.length; size += 3) {
      const { framer, sink } = startFraming()
      for (let at = 0; at < input.length; at += size) framer.push(input.subarray(at, at + size))
      assert.equal(sink.texts().filter((text) => text === own).length, 2, `chunks of ${size}`)
      assert.equal(sink.documents.length, 5)
    }
  })
})
