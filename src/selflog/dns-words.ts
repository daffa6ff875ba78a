import type { DnsQuestion, SelfLogEvent } from '../core/self-log-event.ts'
import { lostPacket } from '../core/self-log-event.ts'
import { duration } from './words.ts'

type Asked = Pick<SelfLogEvent, 'questions' | 'failure'> & { readonly detail?: string }

/** How an outcome goes on after "A" or "AAAA". */
const outcomes: Readonly<Record<string, string>> = {
  answered: 'answered',
  nodata: 'does not exist',
  nxdomain: 'no such name',
  servfail: 'SERVFAIL',
  refused: 'refused',
  timeout: 'no answer',
  waiting: 'no answer yet',
  unreachable: 'server not reachable',
}

/** `A answered in 1 ms, AAAA no answer in 800 ms (3 tries)`. */
export function questionWords({ questions = [], failure }: Asked): string {
  if (questions.length === 0) return failure?.message ?? 'no question was answered'
  return questions.map(wordsOf).join(', ')
}

function wordsOf({ type, outcome, ms, tries }: DnsQuestion): string {
  const words = outcomes[outcome] ?? outcome
  return `${type} ${words} in ${duration(ms)}${tries > 1 ? ` (${tries} tries)` : ''}`
}

/** What the fates of the questions look like, where they look like something. */
export function delayWords({ detail }: Asked): string {
  return detail === lostPacket
    ? ': the signature of a lost packet, as parallel A/AAAA queries lose one; see README, "Five-second DNS"'
    : ''
}

export function hintOfQuestions({ detail }: Asked): { readonly hint: string } {
  return detail === lostPacket
    ? {
        hint: 'Lines are not lost by it. Every other program in this pod waits 5 s each time: see README, "Five-second DNS".',
      }
    : { hint: 'Look at the name servers in /etc/resolv.conf and the way to them.' }
}
