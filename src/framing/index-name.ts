import { dayText } from '../core/civil-date.ts'

const placeholder = '%{DATE}'

/** The index of a line by its UTC day. */
export class IndexName {
  /** Does the name depend on the day? */
  readonly isDated: boolean
  readonly #template: string
  #day = Number.NaN
  #name: string

  constructor(template: string) {
    this.#template = template
    this.#name = template
    this.isDated = template.includes(placeholder)
  }

  /** `day` counts from 1970-01-01. `%{DATE}` becomes `yyyy-MM-dd`, as in pino-elasticsearch. */
  of(day: number): string {
    if (this.isDated && day !== this.#day) {
      this.#name = this.#template.replaceAll(placeholder, dayText(day))
      this.#day = day
    }
    return this.#name
  }
}
