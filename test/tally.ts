import type { TestEvent } from 'node:test/reporters'

/** The counts that every run of the runner prints: with several runs in a row they would stand in the middle. */
const counts = /^(?:tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) /

/** Counts tests by their end. Suites count only where they themselves fail or are skipped. */
export class Tally {
  #passed = 0
  #failed = 0
  readonly #skipped: string[] = []

  get failed(): number {
    return this.#failed
  }

  /** Takes note of an event. False for one that a reader should not see. */
  take(event: TestEvent): boolean {
    if (event.type === 'test:diagnostic') {
      return !(event.data.nesting === 0 && counts.test(event.data.message))
    }
    if (event.type === 'test:pass') this.#pass(event.data)
    if (event.type === 'test:fail' && !isOnlyOfItsTests(event.data.details.error)) this.#failed++
    return true
  }

  /** What was skipped, by name and with its reason, then `N passed, N failed, N skipped`. */
  summary(): string {
    const list = this.#skipped.map((name) => `  - ${name}`)
    const heading = list.length > 0 ? ['skipped:'] : []
    const sums = `${this.#passed} passed, ${this.#failed} failed, ${list.length} skipped`
    return [...heading, ...list, sums].join('\n')
  }

  #pass({ name, skip, details }: Extract<TestEvent, { type: 'test:pass' }>['data']): void {
    if (skip !== undefined && skip !== false) {
      // Without a reason of its own, the name tells it.
      this.#skipped.push(typeof skip === 'string' && skip !== '' ? `${name}: ${skip}` : name)
    } else if (details.type !== 'suite') this.#passed++
  }
}

/** A suite or a file that failed because something in it did: that has been counted. */
function isOnlyOfItsTests(error: Error): boolean {
  return 'failureType' in error && error.failureType === 'subtestsFailed'
}
