import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { frame, startFraming, wallText } from './collecting-sink.ts'

const stamp = `{"@timestamp":"${wallText}",`

describe('lines', () => {
  it('become documents in their order, one a line', () => {
    const { sink } = frame('{"a":1}\n{"a":2}\n{"a":3}\n')
    assert.deepEqual(sink.texts(), [`${stamp}"a":1}`, `${stamp}"a":2}`, `${stamp}"a":3}`])
  })

  it('may end in CRLF, and the last one may lack its newline', () => {
    const { sink } = frame('{"a":1}\r\n{"a":2}')
    assert.deepEqual(sink.texts(), [`${stamp}"a":1}`, `${stamp}"a":2}`])
  })

  it('are skipped when they are empty or blank, also at the end', () => {
    const { sink, wrapped } = frame('\n\r\n \t \n{"a":1}\n\n  \r\n\r')
    assert.deepEqual(sink.texts(), [`${stamp}"a":1}`])
    assert.deepEqual(wrapped, [])
  })

  it('may have blanks around the object', () => {
    const { sink } = frame(' \t{"a":1} \t\r\n')
    assert.deepEqual(sink.texts(), [`${stamp}"a":1}`])
  })

  it('may be objects without members', () => {
    const { sink } = frame('{}\n{ }\n  {\t}  \n')
    const empty = `{"@timestamp":"${wallText}"`
    assert.deepEqual(sink.texts(), [`${empty}}`, `${empty} }`, `${empty}\t}`])
    assert.equal(sink.objects().length, 3)
  })

  it('without members get the fields without a comma too many', () => {
    for (const format of ['pino', 'ecs'] as const) {
      const { sink } = frame('{}\n{ }\n', { fields: { a: 1 }, format })
      for (const object of sink.objects()) assert.equal(object['a'], 1)
    }
  })

  it('come out the same when the chunks end inside of a character or of CRLF', () => {
    const bytes = Buffer.from('{"m":"grüße €😀"}\r\nplain ü😀\r\n{"m":2}\r\n')
    const whole = frame(bytes).sink.documents
    for (let size = 1; size < bytes.length; size++) {
      const { framer, sink } = startFraming()
      for (let at = 0; at < bytes.length; at += size) framer.push(bytes.subarray(at, at + size))
      framer.end()
      assert.deepEqual(sink.documents, whole, `chunks of ${size}`)
    }
  })

  it('outlive the chunk that brought their beginning', () => {
    const { framer, sink } = startFraming()
    const chunk = Buffer.from('{"a":1}\n{"b":')
    framer.push(chunk)
    chunk.fill('x')
    framer.push(Buffer.from('2}\n'))
    assert.deepEqual(sink.texts(), [`${stamp}"a":1}`, `${stamp}"b":2}`])
  })

  it('may go on after an end', () => {
    const { framer, sink } = startFraming()
    framer.push(Buffer.from('{"a":1}'))
    framer.end()
    framer.end()
    framer.push(Buffer.from('{"a":2}\n'))
    assert.deepEqual(sink.texts(), [`${stamp}"a":1}`, `${stamp}"a":2}`])
  })

  it('are taken from empty chunks too, which hold none', () => {
    const { framer, sink } = startFraming()
    for (const part of ['', '{"a"', '', ':1}', '', '\n', '']) framer.push(Buffer.from(part))
    assert.deepEqual(sink.texts(), [`${stamp}"a":1}`])
  })

  it('keep no hold of the chunk in the reused view', () => {
    const views: { tail: Buffer }[] = []
    const { framer, sink } = startFraming()
    sink.add = (view) => views.push(view)
    const chunk = Buffer.from('{"a":1}\n')
    framer.push(chunk)
    assert.equal(views.length, 1)
    assert.notEqual(views[0]?.tail.buffer, chunk.buffer)
  })
})

describe('a line that is too long', () => {
  const options = { maxLineBytes: 20, headBytes: 8 }
  const long = `{"m":"${'x'.repeat(100)}"}`

  it('goes to the sink as its head and its length, and the next one is taken', () => {
    const { sink } = frame(`{"a":1}\n${long}\r\n{"a":2}\n`, options)
    assert.deepEqual(sink.tooLong, [{ head: long.slice(0, 8), length: long.length }])
    assert.deepEqual(sink.texts(), [`${stamp}"a":1}`, `${stamp}"a":2}`])
  })

  it('is the same in chunks of any size, and as the last line', () => {
    const bytes = Buffer.from(`${long}\r\n{"a":2}\n${long}`)
    for (let size = 1; size < bytes.length; size++) {
      const { framer, sink } = startFraming(options)
      for (let at = 0; at < bytes.length; at += size) framer.push(bytes.subarray(at, at + size))
      framer.end()
      const expected = { head: long.slice(0, 8), length: long.length }
      assert.deepEqual(sink.tooLong, [expected, expected], `chunks of ${size}`)
      assert.deepEqual(sink.texts(), [`${stamp}"a":2}`])
    }
  })

  it('begins one byte above the limit, the carriage return not counted', () => {
    const line = (length: number) => `{"m":"${'x'.repeat(length - 8)}"}`
    for (const end of ['\n', '\r\n']) {
      const bytes = Buffer.from(`${line(20)}${end}${line(21)}${end}`)
      for (const size of [1, 7, 21, 22, 100]) {
        const { framer, sink } = startFraming(options)
        for (let at = 0; at < bytes.length; at += size) framer.push(bytes.subarray(at, at + size))
        assert.deepEqual(sink.texts(), [`${stamp}${line(20).slice(1)}`])
        assert.deepEqual(sink.tooLong, [{ head: line(21).slice(0, 8), length: 21 }])
      }
    }
  })

  it('costs no more memory than the limit, however long it is', () => {
    const { framer, sink } = startFraming({ maxLineBytes: 1024 * 1024 })
    const chunk = Buffer.alloc(1024 * 1024, 'x')
    const before = process.memoryUsage().arrayBuffers
    for (let i = 0; i < 200; i++) framer.push(chunk)
    assert.ok(process.memoryUsage().arrayBuffers - before < 16 * 1024 * 1024)
    framer.push(Buffer.from('\n{"a":1}\n'))
    assert.equal(sink.tooLong[0]?.length, 200 * 1024 * 1024)
    assert.equal(sink.tooLong[0]?.head.length, 64 * 1024)
    assert.equal(sink.documents.length, 1)
  })
})

describe('a line that is no JSON object', () => {
  it('is kept as the message of a document, and told of', () => {
    const { sink, wrapped } = frame('Error: "boom"\\\tat x\n[1]\n{"a":1\n"a":1}\n')
    assert.deepEqual(sink.objects(), [
      { '@timestamp': wallText, message: 'Error: "boom"\\\tat x' },
      { '@timestamp': wallText, message: '[1]' },
      { '@timestamp': wallText, message: '{"a":1' },
      { '@timestamp': wallText, message: '"a":1}' },
    ])
    assert.deepEqual(wrapped, ['Error: "boom"\\\tat x', '[1]', '{"a":1', '"a":1}'])
  })

  it('loses its carriage return, and its bad UTF-8 becomes U+FFFD', () => {
    const bytes = Buffer.concat([
      Buffer.from('grüße '),
      Buffer.from([0xff, 0xe2, 0x82, 0x0d, 0x0a]),
    ])
    const { sink } = frame(bytes)
    assert.deepEqual(sink.objects(), [{ '@timestamp': wallText, message: 'grüße \ufffd\ufffd' }])
  })

  it('gets the fields, but for one named message', () => {
    const { sink } = frame('oops', { fields: { 'service.name': 'w', message: 'mine' } })
    const expected = { '@timestamp': wallText, 'service.name': 'w', message: 'oops' }
    assert.deepEqual(sink.objects(), [expected])
  })

  it('is told of by its first 120 characters, none of them cut in half', () => {
    const { wrapped } = frame(`${'é'.repeat(500)}\n${'x'.repeat(119)}${'😀'.repeat(100)}\n`)
    assert.deepEqual(wrapped, ['é'.repeat(120), 'x'.repeat(119)])
  })
})
