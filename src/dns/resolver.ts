import type { Clock } from '../core/platform.ts'
import type { askServer } from './ask-server.ts'
import { BoundedMap } from './bounded-map.ts'
import { describeOutcome } from './describe-outcome.ts'
import type { QuestionType } from './dns-message.ts'
import { candidatesOf } from './host-name.ts'
import { NameRun } from './name-run.ts'
import type { QuestionResult } from './question.ts'
import { Question } from './question.ts'
import type { AddressKind, Resolution, Trace } from './resolution.ts'
import type { ResolverSettings } from './resolver-settings.ts'

type Failure = Exclude<Resolution, { readonly kind: 'found' }>

const mostWinners = 4096

/** Resolves names with one question at a time: A, then, where wanted, AAAA; down the search list as libc does. */
export class Resolver {
  readonly #clock: Clock
  readonly #ask: typeof askServer
  readonly #settings: () => ResolverSettings
  readonly #running = new Set<Question>()
  /** Which name of the search list there was. */
  readonly #winners = new BoundedMap<string, string>(mostWinners)
  #questions = 0

  constructor(clock: Clock, ask: typeof askServer, settings: () => ResolverSettings) {
    this.#clock = clock
    this.#ask = ask
    this.#settings = settings
  }

  /** Queries sent so far. */
  get queries(): number {
    return this.#questions
  }

  /** Ends all questions now. */
  stop(): void {
    for (const question of this.#running) question.stop()
  }

  /** Resolves a canonical name; never rejects. */
  async resolve(name: string, kind: AddressKind, trace: Trace): Promise<Resolution> {
    const settings = this.#settings()
    const run = new NameRun(this.#clock, settings, (fullName, type, how) =>
      this.#put(fullName, type, how, settings, trace),
    )
    let missing: Failure | undefined
    let failed: Failure | undefined
    for (const candidate of this.#candidates(name, settings)) {
      const result = await run.resolve(candidate, kind)
      if (result.kind === 'found') {
        // After a failure it is only second best.
        if (failed === undefined) this.#winners.set(name, candidate)
        return result
      }
      // As glibc: a server that fails for one domain of the list does not speak for the others; a silent one ends the search.
      if (result.kind === 'missing') missing = result
      else failed = result
      if (result.code === 'ETIMEOUT') break
    }
    const nothing = { kind: 'missing', ttlMs: undefined } as const
    return failed ?? missing ?? { ...nothing, ...describeOutcome(name, kind, 'nxdomain') }
  }

  #candidates(name: string, settings: ResolverSettings): readonly string[] {
    const all = candidatesOf(name, settings)
    const winner = this.#winners.get(name)
    if (winner === undefined || !all.includes(winner)) return all
    return [winner, ...all.filter((candidate) => candidate !== winner)]
  }

  async #put(
    name: string,
    type: QuestionType,
    { maxMs, insist }: { readonly maxMs: number; readonly insist: boolean },
    settings: ResolverSettings,
    trace: Trace,
  ): Promise<QuestionResult> {
    const ask: typeof askServer = (what, take) => {
      this.#questions++
      return this.#ask(what, take)
    }
    const { pool, triesMs, tcp } = settings
    const question = new Question(name, type, {
      clock: this.#clock,
      pool,
      ask,
      triesMs,
      tcp,
      insist,
    })
    trace.add(question)
    this.#running.add(question)
    try {
      return await question.run(maxMs)
    } finally {
      this.#running.delete(question)
    }
  }
}
