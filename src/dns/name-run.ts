import type { Clock } from '../core/platform.ts'
import { parseAddress } from './address.ts'
import { describeOutcome } from './describe-outcome.ts'
import type { QuestionType } from './dns-message.ts'
import type { QuestionResult } from './question.ts'
import type { AddressKind, Resolution } from './resolution.ts'
import type { ResolverSettings } from './resolver-settings.ts'

type Failure = Exclude<Resolution, { readonly kind: 'found' }>
/** `insist`: those that cannot answer are asked again. */
type Put = (
  name: string,
  type: QuestionType,
  how: { readonly maxMs: number; readonly insist: boolean },
) => Promise<QuestionResult>

/** Once there is an IPv4 address, an IPv6 address is waited for no longer. */
const secondFamilyMs = 250
/** Of what the tries last: a little less than all, so that whoever waits as long gets the reason instead of a timeout of his own. */
const share = 0.96
/** Where A is silent, AAAA is asked within the rest of `share`: it may have an answer, and it shows whether one packet was lost. */
const firstShare = 0.9
/** Of what the tries last: a whole search list of slow answers. */
const wholeShare = 2

/** One resolution: its time, and the order of the questions for each name of the search list. */
export class NameRun {
  readonly #clock: Clock
  readonly #settings: ResolverSettings
  readonly #put: Put
  readonly #budgetMs: number
  readonly #endMs: number

  /** `put` asks a question that ends within `maxMs`. */
  constructor(clock: Clock, settings: ResolverSettings, put: Put) {
    this.#clock = clock
    this.#settings = settings
    this.#put = put
    const triesMs = settings.triesMs.reduce((sum, ms) => sum + ms, 0)
    this.#budgetMs = Math.min(triesMs, settings.patienceMs)
    this.#endMs = clock.now() + wholeShare * this.#budgetMs
  }

  /** Resolves one full name. Never rejects. */
  resolve(name: string, kind: AddressKind): Promise<Resolution> {
    return kind === 'ipv6' ? this.#resolveIpv6(name) : this.#resolveAny(name)
  }

  async #resolveIpv6(name: string): Promise<Resolution> {
    if (this.#settings.ipv6 === 'never') return missing(name, 'ipv6', 'nodata')
    const six = await this.#ask(name, 'AAAA', share)
    return six.outcome === 'answered' ? found([six]) : unresolved(name, 'ipv6', six)
  }

  async #resolveAny(name: string): Promise<Resolution> {
    const { ipv6 } = this.#settings
    const four = await this.#ask(name, 'A', ipv6 === 'never' ? share : firstShare)
    if (four.outcome === 'answered') {
      if (ipv6 !== 'always') return found([four])
      const six = await this.#ask(name, 'AAAA', secondFamilyMs / this.#budgetMs, false)
      return found(six.outcome === 'answered' ? [four, six] : [four])
    }
    if (four.outcome === 'nxdomain' || ipv6 === 'never') return unresolved(name, 'any', four)
    // Where A has no data, all depends on AAAA.
    const depends = four.outcome === 'nodata'
    const six = await this.#ask(name, 'AAAA', depends ? share : share - firstShare, depends)
    if (six.outcome === 'answered') return found([six])
    const telling = depends && six.outcome !== 'nxdomain' ? six : four
    return unresolved(name, 'any', telling)
  }

  #ask(name: string, type: QuestionType, part: number, insist = true): Promise<QuestionResult> {
    const leftMs = this.#endMs - this.#clock.now()
    if (leftMs <= 0) return Promise.resolve({ outcome: 'timeout' })
    const maxMs = Math.min(leftMs, part * this.#budgetMs)
    return this.#put(name, type, { maxMs, insist })
  }
}

type Found = Extract<QuestionResult, { readonly outcome: 'answered' }>

function found(answers: readonly Found[]): Resolution {
  return {
    kind: 'found',
    addresses: answers.flatMap(({ addresses }) =>
      addresses.flatMap((address) => parseAddress(address) ?? []),
    ),
    ttlMs: Math.min(...answers.map(({ ttlS }) => ttlS)) * 1000,
  }
}

function missing(
  name: string,
  kind: AddressKind,
  outcome: 'nodata' | 'nxdomain',
  ttlS?: number,
): Failure {
  const ttlMs = ttlS === undefined ? undefined : ttlS * 1000
  return { kind: 'missing', ttlMs, ...describeOutcome(name, kind, outcome) }
}

function unresolved(name: string, kind: AddressKind, result: QuestionResult): Failure {
  if (result.outcome === 'nodata' || result.outcome === 'nxdomain') {
    return missing(name, kind, result.outcome, result.ttlS)
  }
  return { kind: 'failed', ...describeOutcome(name, kind, result.outcome) }
}
