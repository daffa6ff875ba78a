import type { Clock } from '../core/platform.ts'
import type { askServer } from './ask-server.ts'
import type { QuestionReport } from './dns-event.ts'
import type { Trace } from './resolution.ts'
import { Resolver } from './resolver.ts'
import type { ResolverSettings } from './resolver-settings.ts'

const everyMs = 60_000
const triesMs = [200, 400]

/**
 * Finds out what the name servers would have said, when the system's lookup is slow or fails: A, then AAAA, one by one, with
 * our own resolver. At most once a minute, and not where resolv.conf names no server, as on Windows.
 */
export class OwnCheck {
  readonly #clock: Clock
  readonly #settings: () => ResolverSettings
  readonly #resolver: Resolver
  #last: { readonly name: string; readonly reports: () => readonly QuestionReport[] } | undefined
  #nextMs = -Infinity

  constructor(clock: Clock, ask: typeof askServer, settings: () => ResolverSettings) {
    this.#clock = clock
    this.#settings = settings
    this.#resolver = new Resolver(clock, ask, () => ({
      ...settings(),
      triesMs,
      ipv6: 'always',
    }))
  }

  get queries(): number {
    return this.#resolver.queries
  }

  /**
   * Asks, and adds the questions to `trace`; within a minute of the last check it adds that one's, if it was for the same name.
   * Ends soon, and never rejects.
   */
  async run(name: string, trace: Trace): Promise<void> {
    if (!this.#settings().serversNamed) return
    const nowMs = this.#clock.now()
    if (nowMs < this.#nextMs) {
      if (this.#last?.name !== name) return
      for (const report of this.#last.reports()) trace.add({ report: () => report })
      return
    }
    this.#nextMs = nowMs + everyMs
    this.#last = { name, reports: () => trace.reports() }
    await this.#resolver.resolve(name, 'any', trace)
    const reports = trace.reports()
    this.#last = { name, reports: () => reports }
  }

  stop(): void {
    this.#resolver.stop()
  }
}
