import type { DocumentSink, DocumentView } from '../../../src/core/document.ts'
import type { Clock } from '../../../src/core/platform.ts'
import type { Framer, FramerOptions } from '../../../src/framing/index.ts'
import { createFramer } from '../../../src/framing/index.ts'

/** The wall clock of the tests: 2026-11-22T20:33:15.123Z. */
export const wallMs = Date.UTC(2026, 10, 22, 20, 33, 15, 123)
export const wallText = '2026-11-22T20:33:15.123Z'

/** Keeps a copy of every document, as a sink must. */
export class CollectingSink implements DocumentSink {
  readonly documents: string[] = []
  readonly indices: string[] = []
  readonly tooLong: { readonly head: string; readonly length: number }[] = []

  add(view: DocumentView): void {
    const prefix = view.prefix.subarray(0, view.prefixEnd)
    const tail = view.tail.subarray(view.tailStart, view.tailEnd)
    this.documents.push(Buffer.concat([prefix, tail]).toString('latin1'))
    this.indices.push(view.index)
  }

  addTooLong(head: Buffer, length: number): void {
    this.tooLong.push({ head: head.toString('latin1'), length })
  }

  /** The documents as text. */
  texts(): string[] {
    return this.documents.map((document) => Buffer.from(document, 'latin1').toString())
  }

  /** The documents as objects. */
  objects(): Record<string, unknown>[] {
    return this.texts().map((text) => JSON.parse(text) as Record<string, unknown>)
  }
}

/** Shows the time it is set to, and starts no timers. */
export class StandingClock implements Clock {
  wallMs = wallMs
  now(): number {
    return 0
  }
  wallNow(): number {
    return this.wallMs
  }
  setTimeout(): object {
    throw new Error('framing has no business with timers')
  }
  clearTimeout(): void {
    // There are none.
  }
}

export interface Framing {
  readonly framer: Framer
  readonly sink: CollectingSink
  readonly clock: StandingClock
  readonly wrapped: string[]
}

/** A framer over a collecting sink. */
export function startFraming(options: Partial<FramerOptions> = {}): Framing {
  const sink = new CollectingSink()
  const clock = new StandingClock()
  const wrapped: string[] = []
  const framer = createFramer(
    { index: 'logs-test', format: 'pino', fields: {}, ...options },
    sink,
    clock,
    { wrapped: (head) => wrapped.push(head) },
  )
  return { framer, sink, clock, wrapped }
}

/** Frames `input` in one chunk. */
export function frame(input: string | Buffer, options: Partial<FramerOptions> = {}): Framing {
  const framing = startFraming(options)
  framing.framer.push(Buffer.from(input))
  framing.framer.end()
  return framing
}
