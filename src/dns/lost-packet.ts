import type { QuestionReport } from './dns-event.ts'

const replies: ReadonlySet<string> = new Set(['answered', 'nodata', 'nxdomain'])

/**
 * Whether the questions look like the article's case, one lost packet: of A and AAAA for the same name one was answered and
 * the other timed out, or a try was answered quickly after an earlier one, from another port to the same server, was lost.
 */
export function looksLikeLostPacket(questions: readonly QuestionReport[]): boolean {
  return questions.some(
    (one) =>
      one.lostPacket ||
      (one.outcome === 'timeout' &&
        questions.some(
          ({ name, type, outcome }) =>
            name === one.name && type !== one.type && replies.has(outcome),
        )),
  )
}
