import { performance } from 'node:perf_hooks'
import type { DnsFaultList, QueryPlan } from './dns-fault-list.ts'
import type { Flow } from './flow-table.ts'
import { FlowTable } from './flow-table.ts'
import type { Reply } from './make-reply.ts'
import { makeReply } from './make-reply.ts'
import type { OpenQuery, QueryLog, QuerySource } from './query-log.ts'
import type { Reading } from './read-query.ts'
import { readQuery } from './read-query.ts'
import type { SoaOptions } from './write-answer.ts'
import { writeFormerr } from './write-answer.ts'
import type { ZoneTable } from './zones.ts'

/** Puts bytes on the wire, back to where the query came from. */
export type Send = (bytes: Buffer) => void

export interface QueryHandlerParts {
  readonly zones: ZoneTable
  readonly faults: DnsFaultList
  readonly log: QueryLog
  readonly soa: SoaOptions | false
}

type Asked = Exclude<Reading, { kind: 'not-a-query' }>

const keptFlows = 50_000

/** Takes messages, records them and sees to their answers. */
export class QueryHandler {
  readonly #parts: QueryHandlerParts
  readonly #flows = new FlowTable(keptFlows)
  /** Answers that wait, with how to give them up. */
  readonly #waiting = new Map<NodeJS.Timeout, () => void>()

  constructor(parts: QueryHandlerParts) {
    this.#parts = parts
  }

  /** Handles one message. Never throws. */
  handle(bytes: Buffer, source: QuerySource, send: Send): void {
    const { faults } = this.#parts
    const { transport } = source
    const now = performance.now()
    const flow = this.#flowOf(source, now)
    const asked = readQuery(bytes)
    if (asked.kind === 'not-a-query') return
    const { name, type } = asked.kind === 'query' ? asked.query : { name: '', type: '' }
    const plan = faults.plan({ now, name, type, transport, flow })
    if (plan.kind === 'dropped') this.#record(asked, source, plan)
    else this.#answer({ asked, source, plan, flow, send })
  }

  /** Gives up all answers that wait. */
  stop(): void {
    for (const [timer, giveUp] of this.#waiting) {
      clearTimeout(timer)
      giveUp()
    }
    this.#waiting.clear()
  }

  #flowOf({ transport, sourceAddress, sourcePort }: QuerySource, now: number): Flow | undefined {
    if (transport === 'tcp') return undefined
    return this.#flows.arrive(`${sourceAddress}|${sourcePort}`, now, this.#parts.faults.flowMs)
  }

  #answer(one: {
    readonly asked: Asked
    readonly source: QuerySource
    readonly plan: Extract<QueryPlan, { kind: 'answered' }>
    readonly flow: Flow | undefined
    readonly send: Send
  }): void {
    const { asked, source, plan, flow, send } = one
    const { zones, soa, log } = this.#parts
    const reply: Reply =
      asked.kind === 'query'
        ? makeReply(asked.query, plan, {
            transport: source.transport,
            soa,
            look: (name) => zones.look(name),
          })
        : { ...formerr(asked.id), right: undefined }
    const open = this.#record(asked, source, plan, reply)
    if (plan.isLost) return
    this.#later(
      plan.delayMs,
      () => {
        if (flow) flow.isAnswered = true
        log.settle(open, 'answered')
        send(reply.bytes)
        const { right } = reply
        if (right) this.#later(right.afterMs, () => send(right.bytes))
      },
      () => log.settle(open, 'unsent'),
    )
  }

  /** At once for 0 ms. */
  #later(delayMs: number, run: () => void, giveUp?: () => void): void {
    if (delayMs === 0) {
      run()
      return
    }
    const timer = setTimeout(() => {
      this.#waiting.delete(timer)
      run()
    }, delayMs)
    this.#waiting.set(timer, giveUp ?? (() => undefined))
  }

  #record(asked: Asked, source: QuerySource, plan: QueryPlan, reply?: Reply): OpenQuery {
    const { id, name, type, udpPayloadSize } =
      asked.kind === 'query'
        ? asked.query
        : { id: asked.id, name: '', type: '', udpPayloadSize: undefined }
    return this.#parts.log.add({
      ...source,
      id,
      name,
      type,
      udpPayloadSize,
      fault: plan.fault,
      delayMs: plan.kind === 'answered' ? plan.delayMs : 0,
      outcome: outcomeOf(plan),
      rcode: reply?.written?.rcode,
      records: reply?.written?.records ?? 0,
      isTruncated: reply?.written?.isTruncated ?? false,
    })
  }
}

function outcomeOf(plan: QueryPlan): OpenQuery['outcome'] {
  if (plan.kind === 'dropped') return 'dropped'
  return plan.isLost ? 'answer-lost' : 'waiting'
}

function formerr(id: number): Omit<Reply, 'right'> {
  const written = writeFormerr(id)
  return { bytes: written.bytes, written }
}
