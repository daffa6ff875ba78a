import type { WriteStream } from 'node:tty'
import { styleText } from 'node:util'
import type { SelfLogEvent } from 'pino-loudsink'
import { wrap } from './wrap.ts'

type Style = Parameters<typeof styleText>[0]

const width = 100
const indent = 9
/** So that all stays on one screen. */
const mostEvents = 8

/** Prints the story: one line a happening, with the seconds since the beginning. */
export class Stage {
  readonly #out: WriteStream
  readonly #startedAt = performance.now()
  #events = 0

  constructor(out: WriteStream) {
    this.#out = out
  }

  title(text: string): void {
    this.#print(`pino-loudsink demo: ${text}`, 'bold')
    this.gap()
  }

  /** How things stand. */
  say(text: string): void {
    this.#happening(text, undefined)
  }

  /** What the demo does to the service. */
  act(text: string): void {
    this.#happening(`>>> ${text}`, 'bold')
  }

  /** What the service wrote to its stderr. */
  selfLog({ code, severity, message, suppressed }: SelfLogEvent): void {
    this.#events++
    if (this.#events > mostEvents) return
    const times = suppressed && suppressed.count > 0 ? ` (${suppressed.count} more like it)` : ''
    const style = severity === 'info' ? 'green' : severity === 'warn' ? 'yellow' : 'red'
    this.#happening(`self-log: ${code}: ${message}${times}`, style)
  }

  row(name: string, count: number, comment: string): void {
    const text = `${name.padEnd(24)}${String(count).padStart(6)}  ${comment}`.trimEnd()
    this.#block(' '.repeat(indent), text, undefined, 34)
  }

  success(text: string): void {
    this.#block(' '.repeat(indent), text, ['bold', 'green'])
  }

  failure(text: string): void {
    this.#block(' '.repeat(indent), text, ['bold', 'red'])
  }

  note(text: string): void {
    this.#block(' '.repeat(indent), text, 'dim')
  }

  gap(): void {
    this.#print('', undefined)
  }

  #happening(text: string, style: Style | undefined): void {
    const seconds = ((performance.now() - this.#startedAt) / 1000).toFixed(1)
    this.#block(`${seconds.padStart(5)} s  `, text, style)
  }

  /** `hang`: how much further in the second and later lines begin. */
  #block(head: string, text: string, style: Style | undefined, hang = 0): void {
    const [first = '', ...rest] = wrap(text, width - head.length, hang)
    this.#print(head + first, style)
    for (const line of rest) this.#print(' '.repeat(head.length) + line, style)
  }

  #print(line: string, style: Style | undefined): void {
    // hasColors respects NO_COLOR; it is there on a terminal only.
    const colours = this.#out.isTTY && this.#out.hasColors()
    this.#out.write(`${style !== undefined && colours ? styleText(style, line) : line}\n`)
  }
}
