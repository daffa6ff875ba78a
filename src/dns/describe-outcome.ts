import type { QuestionOutcome } from './dns-event.ts'
import type { AddressKind, LookupFailure } from './resolution.ts'

/** Why there is no address for `name`, as Node's resolvers put it: their codes, and words for people. */
export function describeOutcome(
  name: string,
  kind: AddressKind,
  outcome: QuestionOutcome,
): LookupFailure {
  const [code, why] = wordsOf(outcome)
  const syscall = kind === 'ipv6' ? 'queryAaaa' : 'queryA'
  return { code, message: `${syscall} ${code} ${name}: ${why}`, syscall }
}

function wordsOf(outcome: QuestionOutcome): readonly [code: string, why: string] {
  switch (outcome) {
    case 'nxdomain':
      return ['ENOTFOUND', 'there is no such name']
    case 'answered':
    case 'nodata':
      return ['ENOTFOUND', 'the name has no address']
    case 'servfail':
      return ['ESERVFAIL', 'the name server answered SERVFAIL']
    case 'timeout':
    case 'waiting':
      return ['ETIMEOUT', 'no answer from the name server']
    case 'refused':
    case 'formerr':
    case 'notimp':
      return ['EAI_AGAIN', `the name server answered ${outcome.toUpperCase()}`]
    case 'malformed':
      return ['EAI_AGAIN', 'the name server sent what is no answer']
    case 'unreachable':
      return ['EAI_AGAIN', 'the name server cannot be reached']
  }
}
