import type { DocumentOutlet } from './document-outlet.ts'
import type { IndexName } from './index-name.ts'
import { openBrace } from './json-bytes.ts'
import type { StaticFields } from './static-fields.ts'
import { TimeValue } from './time-value.ts'

const millisPerDay = 86_400_000

/** Passes on lines that bring their own `@timestamp`: byte for byte, but for the user's fields in front. */
export class UntouchedLine {
  readonly #fields: StaticFields
  readonly #index: IndexName
  readonly #outlet: DocumentOutlet
  readonly #prefix: Buffer
  readonly #time = new TimeValue()

  constructor(fields: StaticFields, index: IndexName, outlet: DocumentOutlet) {
    this.#fields = fields
    this.#index = index
    this.#outlet = outlet
    this.#prefix = Buffer.allocUnsafeSlow(1 + fields.all.length)
    this.#prefix[0] = openBrace
  }

  /** `timeAt` is where the value of `@timestamp` begins. */
  write(
    bytes: Buffer,
    first: number,
    last: number,
    timeAt: number,
    omit: Uint8Array,
    wallMs: number,
  ): void {
    const index = this.#index.of(this.#dayOf(bytes, timeAt, last, wallMs))
    const end = this.#fields.write(this.#prefix, 1, omit, false)
    if (end === 1) this.#outlet.emit(index, this.#prefix, 0, bytes, first, last)
    else this.#outlet.emit(index, this.#prefix, end, bytes, first + 1, last)
  }

  #dayOf(bytes: Buffer, timeAt: number, last: number, wallMs: number): number {
    if (!this.#index.isDated) return 0
    return this.#time.read(bytes, timeAt, last) === 'none'
      ? Math.floor(wallMs / millisPerDay)
      : this.#time.day
  }
}
