import type { Address } from './address.ts'
import type { QuestionReport } from './dns-event.ts'

/** What one attempt to resolve a name came to. */
export type Resolution =
  | {
      readonly kind: 'found'
      /** At least one, IPv4 first. */
      readonly addresses: readonly Address[]
      /** As the servers told it. */
      readonly ttlMs: number
    }
  /** There is no such name, or it has no address. */
  | ({ readonly kind: 'missing'; readonly ttlMs: number | undefined } & LookupFailure)
  /** Nobody could tell. */
  | ({ readonly kind: 'failed' } & LookupFailure)

/** Why there is no address. */
export interface LookupFailure {
  /** `ENOTFOUND`, `EAI_AGAIN`, `ESERVFAIL`, `ETIMEOUT`, or what the system's lookup said. */
  readonly code: string
  /** For people. */
  readonly message: string
  readonly syscall: 'queryA' | 'queryAaaa' | 'getaddrinfo'
}

/** Which addresses a resolution is after: those that the policy gives, or IPv6 alone. */
export type AddressKind = 'any' | 'ipv6'

/** What is asked on the way, readable at any moment. */
export class Trace {
  readonly #questions: { report(): QuestionReport }[] = []
  #evidence: Promise<void> | undefined
  #suspected = false

  /** A question begins. */
  add(question: { report(): QuestionReport }): void {
    this.#questions.push(question)
  }

  reports(): readonly QuestionReport[] {
    return this.#questions.map((question) => question.report())
  }

  /** More questions are on their way, beside the resolution; `evidence` never rejects. */
  await(evidence: Promise<void>): void {
    this.#evidence = evidence
  }

  /** When all questions have ended; undefined where there is nothing to wait for. */
  get evidence(): Promise<void> | undefined {
    return this.#evidence
  }

  /** Whoever resolves has seen the signature of a lost packet in more than the questions. */
  suspectLostPacket(): void {
    this.#suspected = true
  }

  get suspected(): boolean {
    return this.#suspected
  }
}

/** Resolves a name. Never rejects, and ends within a bound. `late` takes what comes after that. */
export type Resolve = (
  name: string,
  kind: AddressKind,
  trace: Trace,
  late: (resolution: Resolution) => void,
) => Promise<Resolution>
