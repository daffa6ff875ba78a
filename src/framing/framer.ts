import type { DocumentSink } from '../core/document.ts'
import type { Clock } from '../core/platform.ts'
import { DocumentOutlet } from './document-outlet.ts'
import { DocumentPrefix } from './document-prefix.ts'
import { EcsFormat } from './ecs-format.ts'
import type { FramerOptions, PinoConfig } from './framer-options.ts'
import { defaultHeadBytes, defaultMaxLineBytes } from './framer-options.ts'
import { IndexName } from './index-name.ts'
import { closeBrace, isBlank, openBrace, skipBlanks } from './json-bytes.ts'
import { labelsByNumber } from './levels.ts'
import type { FormatParts, LineFormat } from './line-format.ts'
import type { LineReceiver } from './line-splitter.ts'
import { LineSplitter } from './line-splitter.ts'
import { PinoFormat } from './pino-format.ts'
import { StaticFields } from './static-fields.ts'
import { describeHead, wrapLine } from './wrap-line.ts'

/** Turns chunks of NDJSON into documents. */
export interface Framer {
  /** Takes the next bytes, split anywhere. Nothing of `chunk` is referred to after the return. */
  push(chunk: Buffer): void
  /** A last line without its newline counts as a line. */
  end(): void
  /** Adopts the names that the user did not give. Counts from the next line on. */
  setPinoConfig(config: PinoConfig): void
}

/** Told of lines that are no JSON objects: they are kept as the `message` of a document. */
export interface FramerNotices {
  /** `head` is the beginning of the line, at most 120 characters. */
  wrapped(head: string): void
}

class LineFramer implements Framer, LineReceiver {
  readonly #options: FramerOptions
  readonly #sink: DocumentSink
  readonly #clock: Clock
  readonly #notices: FramerNotices
  readonly #parts: FormatParts
  readonly #splitter: LineSplitter
  #format: LineFormat
  /** Wall clock at the latest push, in ms. */
  #wallMs = 0

  constructor(options: FramerOptions, sink: DocumentSink, clock: Clock, notices: FramerNotices) {
    const fields = new StaticFields(options.fields, options.format)
    this.#options = options
    this.#sink = sink
    this.#clock = clock
    this.#notices = notices
    this.#parts = {
      fields,
      prefix: new DocumentPrefix(fields),
      index: new IndexName(options.index),
      outlet: new DocumentOutlet(sink),
    }
    this.#format = this.#createFormat({})
    this.#splitter = new LineSplitter(
      options.maxLineBytes ?? defaultMaxLineBytes,
      options.headBytes ?? defaultHeadBytes,
      this,
    )
  }

  push(chunk: Buffer): void {
    this.#wallMs = this.#clock.wallNow()
    this.#splitter.push(chunk)
    this.#parts.outlet.release()
  }

  end(): void {
    this.#splitter.end()
    this.#parts.outlet.release()
  }

  setPinoConfig(config: PinoConfig): void {
    this.#format = this.#createFormat(config)
  }

  restart(): void {
    this.#format.restart()
  }

  line(bytes: Buffer, start: number, end: number): void {
    if (bytes[start] === openBrace && bytes[end - 1] === closeBrace) {
      this.#format.write(bytes, start, end, this.#wallMs)
      return
    }
    const first = skipBlanks(bytes, start, end)
    if (first === end) return
    let last = end
    while (isBlank(bytes[last - 1])) last--
    if (bytes[first] === openBrace && bytes[last - 1] === closeBrace) {
      this.#format.write(bytes, first, last, this.#wallMs)
    } else {
      this.#wrap(bytes, start, end)
    }
  }

  tooLong(head: Buffer, length: number): void {
    this.#sink.addTooLong(head, length)
  }

  #wrap(bytes: Buffer, start: number, end: number): void {
    const { fields, prefix, index, outlet } = this.#parts
    const tail = wrapLine(bytes, start, end)
    const omit = fields.createOmissions()
    const message = fields.keys.indexOf('message')
    if (message >= 0) omit[message] = 1
    prefix.stampMillis(this.#wallMs)
    const prefixEnd = prefix.finishOmitting(omit, true)
    outlet.emit(index.of(prefix.day), prefix.bytes, prefixEnd, tail, 0, tail.length)
    this.#notices.wrapped(describeHead(bytes, start, end))
  }

  #createFormat(config: PinoConfig): LineFormat {
    const options = this.#options
    const timestampKey = options.timestampKey ?? 'time'
    const levelKey = options.levelKey ?? 'level'
    if (options.format === 'pino') return new PinoFormat(this.#parts, timestampKey, levelKey)
    const messageKey = options.messageKey ?? config.messageKey ?? 'msg'
    const labels = labelsByNumber(options.levels ?? config.levels)
    return new EcsFormat(this.#parts, { timestampKey, messageKey, levelKey }, labels)
  }
}

/**
 * Builds the framer: newline-delimited bytes in, one document a line out, without JSON.parse.
 * Empty and blank lines are skipped. A wall clock beyond the year 9999 is misuse.
 */
export function createFramer(
  options: FramerOptions,
  sink: DocumentSink,
  clock: Clock,
  notices: FramerNotices,
): Framer {
  return new LineFramer(options, sink, clock, notices)
}
