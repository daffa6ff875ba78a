import { randomInt } from 'node:crypto'
import { askByTcp } from './ask-by-tcp.ts'
import { askByUdp } from './ask-by-udp.ts'
import type { QuestionType, ServerAnswer } from './dns-message.ts'
import type { ServerAddress } from './server-address.ts'

/** One try of a question. */
export interface Try {
  readonly server: ServerAddress
  readonly name: string
  readonly type: QuestionType
  /** TCP from the start. */
  readonly tcp: boolean
  /** With EDNS, which a few old servers and firewalls do not let pass. */
  readonly edns: boolean
}

/**
 * Asks one server: by UDP, and by TCP where that answer was cut short. `take` is called once, and never after the function
 * that this gives has been called to stop it. Waits without an end.
 */
export function askServer(
  { server, name, type, tcp, edns }: Try,
  take: (answer: ServerAnswer) => void,
): () => void {
  const query = () => ({ id: randomInt(65_536), name, type })
  if (tcp) return askByTcp(server, query(), take)
  let stop = askByUdp(server, query(), edns, ({ answer, truncated }) => {
    if (!truncated) {
      take(answer)
      return
    }
    stop = askByTcp(server, query(), (whole) => {
      // Where TCP is blocked, some addresses are better than none.
      take(isFault(whole) && answer.outcome === 'answered' ? answer : whole)
    })
  })
  return () => stop()
}

function isFault({ outcome }: ServerAnswer): boolean {
  return outcome !== 'answered' && outcome !== 'nodata' && outcome !== 'nxdomain'
}
