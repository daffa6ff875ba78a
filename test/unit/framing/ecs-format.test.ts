import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import { describe, it } from 'node:test'
import { ecsFormat } from '@elastic/ecs-pino-format'
import type { LoggerOptions } from 'pino'
import pino from 'pino'
import type { FramerOptions } from '../../../src/framing/index.ts'
import { frame, startFraming, wallText } from './collecting-sink.ts'

const stamp = `{"@timestamp":"${wallText}","ecs.version":"8.11.0",`

/** The documents of these lines, as text. */
function ecs(lines: string, options: Partial<FramerOptions> = {}): string[] {
  return frame(lines, { format: 'ecs', ...options }).sink.texts()
}

/** What a real pino writes. */
function written(options: LoggerOptions, use: (logger: pino.Logger) => void): string {
  let text = ''
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString()
      done()
    },
  })
  use(pino(options, stream))
  return text
}

describe('a pino line in ECS', () => {
  it('has the names of ECS, its order and the rest of its bytes', () => {
    const line =
      '{"level":30,"time":1700000000123,"pid":7,"hostname":"h","name":"n","trace_id":"t","a": [1, {"level":2}],"span_id":"s","msg":"x\\ny"}'
    assert.deepEqual(ecs(line), [
      '{"@timestamp":"2023-11-14T22:13:20.123Z","ecs.version":"8.11.0","log.level":"info","process.pid":7,' +
        '"host.hostname":"h","log.logger":"n","trace.id":"t","a": [1, {"level":2}],"span.id":"s","message":"x\\ny"}',
    ])
  })

  it('has its error as ECS has it', () => {
    const line =
      '{"err":{"type":"E","message":"m","stack":"E: m\\n at x","code":"C","in":{"stack":1}},"b":1}'
    assert.deepEqual(ecs(line), [
      `${stamp}"error":{"type":"E","message":"m","stack_trace":"E: m\\n at x","code":"C","in":{"stack":1}},"b":1}`,
    ])
  })

  it('keeps an error that is no object, a level that is neither number nor label, a time that is none', () => {
    for (const line of ['{"err":"boom"}', '{"level":null,"a":1}', '{"time":"yesterday"}']) {
      assert.deepEqual(ecs(line), [`${stamp}${line.slice(1)}`])
    }
  })

  it('names its level by number, by label, or unknown numbers as text', () => {
    const levels = { verbose: 25 }
    const lines = ['30', '"info"', '25', '35', '-5', '30.5'].map((level) => `{"level":${level}}`)
    assert.deepEqual(
      ecs(lines.join('\n'), { levels }),
      ['info', 'info', 'verbose', '35', '-5', '30.5'].map((l) => `${stamp}"log.level":"${l}"}`),
    )
  })

  it('may lose its time from any place, with one comma', () => {
    const begin = '{"@timestamp":"2023-11-14T22:13:20.000Z","ecs.version":"8.11.0"'
    const time = '"time" : 1700000000'
    assert.deepEqual(
      ecs(`{${time}}\n{${time}, "a":1}\n{"a":1 , ${time} }\n{"a":1,${time},"pid":2}`),
      [`${begin}}`, `${begin},"a":1}`, `${begin},"a":1 }`, `${begin},"a":1,"process.pid":2}`],
    )
    assert.deepEqual(ecs(`{"level":30,${time}}`), [`${begin},"log.level":"info"}`])
  })

  it('gives its first time away, no other', () => {
    assert.deepEqual(ecs('{"time":1700000000,"time":1800000000}\n{"time":"x","time":5}'), [
      '{"@timestamp":"2023-11-14T22:13:20.000Z","ecs.version":"8.11.0","time":1800000000}',
      `${stamp}"time":"x","time":5}`,
    ])
  })

  it('never gets a key twice: where the ECS name is taken, the entry keeps its own', () => {
    assert.deepEqual(
      ecs('{"msg":"a","message":"b","level":30,"log.level":"x","err":{},"error":1}'),
      [`${stamp}"msg":"a","message":"b","level":30,"log.level":"x","err":{},"error":1}`],
    )
    assert.deepEqual(ecs('{"err":{"stack":"a","stack_trace":"b"}}'), [
      `${stamp}"error":{"stack":"a","stack_trace":"b"}}`,
    ])
  })

  it('wins over static fields by its ECS names, and over our version', () => {
    const fields = {
      'process.pid': 1,
      message: 'mine',
      'log.level': 'mine',
      'ecs.version': '8.10.0',
    }
    assert.deepEqual(
      ecs('{"level":30,"pid":2,"msg":"x"}\n{"ecs.version":"9"}\n{"a":1}', { fields }),
      [
        `{"@timestamp":"${wallText}","ecs.version":"8.10.0","log.level":"info","process.pid":2,"message":"x"}`,
        `{"@timestamp":"${wallText}","process.pid":1,"message":"mine","log.level":"mine","ecs.version":"9"}`,
        `{"@timestamp":"${wallText}","ecs.version":"8.10.0","process.pid":1,"message":"mine","log.level":"mine","a":1}`,
      ],
    )
  })

  it('takes the keys as given to pino', () => {
    const options = { timestampKey: 'ts', messageKey: 'name', levelKey: 'severity' }
    assert.deepEqual(
      ecs('{"severity":40,"ts":1700000000,"name":"x","msg":"y","level":1}', options),
      [
        '{"@timestamp":"2023-11-14T22:13:20.000Z","ecs.version":"8.11.0","log.level":"warn","message":"x","msg":"y","level":1}',
      ],
    )
  })

  it('may already use ECS names as its keys', () => {
    const options = { messageKey: 'message', levelKey: 'log.level' }
    assert.deepEqual(ecs('{"log.level":30,"message":"x"}', options), [
      `${stamp}"log.level":"info","message":"x"}`,
    ])
  })

  it('that is malformed is taken as far as it goes', () => {
    assert.deepEqual(ecs('{"level":30,"a" 1,"msg":"x"}'), [
      `${stamp}"log.level":"info","a" 1,"msg":"x"}`,
    ])
  })

  it('that is no JSON has the version too', () => {
    assert.deepEqual(ecs('oops'), [`${stamp}"message":"oops"}`])
  })

  it('may be larger than any buffer at hand', () => {
    const line = JSON.stringify({ level: 30, msg: 'x'.repeat(3_000_000), pid: 1 })
    const small = '{"pid":2}'
    assert.deepEqual(ecs(`${line}\n${small}`), [
      `${stamp}"log.level":"info","message":"${'x'.repeat(3_000_000)}","process.pid":1}`,
      `${stamp}"process.pid":2}`,
    ])
  })

  it('may have thousands of entries', () => {
    const entries = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`k${i}`, i]))
    const documents = ecs(`${JSON.stringify({ hostname: 'h', ...entries, pid: 1 })}\n{"pid":1}`)
    assert.deepEqual(JSON.parse(documents[0] ?? ''), {
      '@timestamp': wallText,
      'ecs.version': '8.11.0',
      'host.hostname': 'h',
      ...entries,
      'process.pid': 1,
    })
    assert.deepEqual(documents[1], `${stamp}"process.pid":1}`)
  })

  it('written by pino itself with an error comes out whole', () => {
    const text = written({ name: 'svc' }, (logger) =>
      logger.error({ err: new TypeError('no'), reqId: 1 }, 'it failed'),
    )
    const line = JSON.parse(text) as Record<string, Record<string, unknown>>
    const { time, err, ...rest } = line
    assert.deepEqual(JSON.parse(ecs(text)[0] ?? ''), {
      '@timestamp': new Date(Number(time)).toISOString(),
      'ecs.version': '8.11.0',
      'log.level': 'error',
      'process.pid': rest['pid'],
      'host.hostname': rest['hostname'],
      'log.logger': 'svc',
      error: { type: 'TypeError', message: 'no', stack_trace: err?.['stack'] },
      reqId: 1,
      message: 'it failed',
    })
  })
})

describe('a line of @elastic/ecs-pino-format', () => {
  it('passes untouched in both formats', () => {
    const text = written(ecsFormat(), (logger) => {
      logger.info('one')
      logger.error(new Error('two'))
    })
    for (const format of ['pino', 'ecs'] as const) {
      const { sink } = frame(text, { format })
      assert.equal(`${sink.texts().join('\n')}\n`, text)
    }
  })
})

describe('what pino tells about itself', () => {
  const told = { messageKey: 'text', levels: { shout: 70 } }
  const line = Buffer.from('{"level":70,"text":"a","msg":"b"}\n')

  it('is adopted from the next line on', () => {
    const { framer, sink } = startFraming({ format: 'ecs' })
    framer.push(line)
    framer.setPinoConfig(told)
    framer.push(line)
    assert.deepEqual(sink.texts(), [
      `${stamp}"log.level":"70","text":"a","message":"b"}`,
      `${stamp}"log.level":"shout","message":"a","msg":"b"}`,
    ])
  })

  it('does not count where the user said otherwise', () => {
    const { framer, sink } = startFraming({ format: 'ecs', messageKey: 'msg', levels: { top: 70 } })
    framer.setPinoConfig(told)
    framer.push(line)
    assert.deepEqual(sink.texts(), [`${stamp}"log.level":"top","text":"a","message":"b"}`])
  })

  it('may be nothing, and changes no line in pino format', () => {
    const { framer, sink } = startFraming()
    framer.setPinoConfig({})
    framer.setPinoConfig(told)
    framer.push(line)
    assert.deepEqual(sink.texts(), [`{"@timestamp":"${wallText}",${line.toString().slice(1, -1)}`])
  })
})
