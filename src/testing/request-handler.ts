import type { IncomingMessage, ServerResponse } from 'node:http'
import { performance } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import type { Occasion } from './active-fault.ts'
import type { Answer } from './answer.ts'
import { tooLarge } from './answer.ts'
import { answerBulk, readBulk } from './answer-bulk.ts'
import { answerCall, outsideAnswer, refuseAtTheDoor } from './answer-call.ts'
import type { Perform } from './apply-fault.ts'
import { applyFault } from './apply-fault.ts'
import type { BulkBody } from './bulk-body.ts'
import type { Call } from './call.ts'
import { isBulk, parseTarget } from './call.ts'
import type { FaultKind } from './fault.ts'
import type { AnswerPlan, FaultList, UploadPlan } from './fault-list.ts'
import type { Gate } from './gate.ts'
import { answerType } from './media-type.ts'
import type { Reply } from './reply.ts'
import { sendReply, statusOf } from './reply.ts'
import type { BodyRead } from './request-body.ts'
import { announcedBytes, readBody } from './request-body.ts'
import type { OpenRequest, RequestLog } from './request-log.ts'
import type { ServerState } from './server-state.ts'

export interface RequestHandlerParts {
  readonly state: ServerState
  readonly faults: FaultList
  readonly log: RequestLog
  /** Unpacked. */
  readonly maxBodyBytes: number
  readonly pathPrefix: string
}

interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly gate: Gate
  readonly open: OpenRequest
  readonly target: ReturnType<typeof parseTarget>
}

/** One request from its head to its answer: faults of the upload, the body, faults of the answer, the record. */
export class RequestHandler {
  readonly #parts: RequestHandlerParts

  constructor(parts: RequestHandlerParts) {
    this.#parts = parts
  }

  async handle(
    request: IncomingMessage,
    response: ServerResponse,
    gate: Gate,
    waits: boolean,
  ): Promise<void> {
    const { faults, log, maxBodyBytes, pathPrefix } = this.#parts
    const target = parseTarget(request.url ?? '/', pathPrefix)
    const bulk = target !== undefined && isBulk(request.method ?? '', target.segments)
    const open = log.begin(request, gate, bulk)
    const exchange: Exchange = { request, response, gate, open, target }
    const announced = announcedBytes(request)
    const upload = faults.planUpload(occasion(open, announced, announced))
    if (gate.isDead) {
      this.#record(exchange, { kind: 'silence' }, 'black-hole')
      return
    }
    if (waits && announced <= maxBodyBytes) response.writeContinue()
    const read = await readBody(request, {
      maxBytes: maxBodyBytes,
      bytesPerSecond: upload.slow?.bytesPerSecond,
      cutAfterBytes: upload.reset && (upload.reset.afterBytes ?? 1),
    })
    await this.#answer(exchange, read, upload)
  }

  async #answer(exchange: Exchange, read: BodyRead, upload: UploadPlan): Promise<void> {
    const { gate } = exchange
    const slow = upload.slow?.kind
    switch (read.kind) {
      case 'aborted':
        this.#record(
          exchange,
          { kind: 'silence' },
          gate.isDead ? 'black-hole' : slow,
          read.wireBytes,
        )
        return
      case 'corrupt':
        // What Elasticsearch and OpenSearch do with damaged gzip: a reset, and not a word.
        this.#send(exchange, { kind: 'rst' }, slow, read.wireBytes)
        return
      case 'too-large':
        this.#send(exchange, { kind: 'answer', answer: tooLarge }, slow, read.wireBytes)
        return
      case 'cut': {
        const documents = this.#cutShort(exchange, read.body, upload.reset?.store ?? false)
        this.#send(exchange, { kind: 'rst' }, 'reset-mid-upload', read.wireBytes, documents)
        return
      }
      case 'whole':
        await this.#answerWhole(exchange, read, upload)
    }
  }

  async #answerWhole(
    exchange: Exchange,
    read: BodyRead & { kind: 'whole' },
    upload: UploadPlan,
  ): Promise<void> {
    const { open, gate } = exchange
    const plan = this.#parts.faults.planAnswer(occasion(open, read.body.length, read.wireBytes))
    const call = callOf(exchange, read.body, read.openEnd)
    const bulk = call && open.bulkNumber !== undefined ? this.#receive(call) : undefined
    const documents = bulk?.kind === 'entries' ? bulk.entries.length : 0
    const reply = applyFault(plan.answer, this.#perform(call, bulk, plan), documents)
    if (upload.slow?.delayMs !== undefined) await pause(upload.slow.delayMs)
    if (plan.trap) gate.setTrap(plan.trap.how ?? 'rst')
    this.#send(exchange, reply, kindOf(plan, upload), read.wireBytes, documents)
  }

  /** What a healthy server does with the call. */
  #perform(call: Call | undefined, bulk: BulkBody | undefined, plan: AnswerPlan): Perform {
    const { state } = this.#parts
    return ({ documents = Number.POSITIVE_INFINITY, missingItems = 0 } = {}) => {
      if (!call) return outsideAnswer
      const refused = refuseAtTheDoor(call, state)
      if (refused) return refused
      const answer = bulk
        ? answerBulk(call, bulk, state, {
            itemFaults: plan.items,
            stores: (position) => position < documents,
            missingItems,
          })
        : answerCall(call, state)
      return typed(answer, call)
    }
  }

  #receive(call: Call): BulkBody {
    const bulk = readBulk(call)
    if (bulk.kind === 'entries') {
      for (const { id } of bulk.entries) if (id !== undefined) this.#parts.log.receive(id)
    }
    return bulk
  }

  /** The whole documents of a body that was cut; gives their number. */
  #cutShort(exchange: Exchange, body: Buffer, store: boolean): number {
    const call = callOf(exchange, body, true)
    if (!call || exchange.open.bulkNumber === undefined) return 0
    const bulk = this.#receive(call)
    if (bulk.kind === 'refused') return 0
    const nothing: AnswerPlan = { answer: undefined, trap: undefined, items: [] }
    if (store) this.#perform(call, bulk, nothing)()
    return bulk.entries.length
  }

  #send(
    exchange: Exchange,
    reply: Reply,
    fault: FaultKind | undefined,
    bytes: number,
    documents = 0,
  ): void {
    const { request, response, gate } = exchange
    const isLate = gate.isDead
    this.#record(
      exchange,
      isLate ? { kind: 'silence' } : reply,
      isLate ? 'black-hole' : fault,
      bytes,
      documents,
    )
    if (isLate) return
    const gzip = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))
    sendReply(reply, response, gate, gzip)
  }

  #record(
    exchange: Exchange,
    reply: Reply,
    fault: FaultKind | undefined,
    bytes = 0,
    documents = 0,
  ): void {
    const items = reply.kind === 'answer' ? reply.answer.items : undefined
    this.#parts.log.end(exchange.open, {
      bytes,
      documents,
      items,
      fault,
      answered: statusOf(reply),
    })
  }
}

function callOf(exchange: Exchange, body: Buffer, openEnd: boolean): Call | undefined {
  const { request, target } = exchange
  if (!target) return undefined
  const { method = 'GET', url = '/', headers } = request
  return { method, url, headers, body, openEnd, ...target }
}

function occasion(open: OpenRequest, bytes: number, wireBytes: number): Occasion {
  const { number, bulkNumber } = open
  return { now: performance.now(), number, bulkNumber, bytes, wireBytes }
}

function kindOf(plan: AnswerPlan, upload: UploadPlan): FaultKind | undefined {
  return (plan.answer ?? plan.trap ?? plan.items[0]?.fault ?? upload.slow)?.kind
}

/** A client that asked for a compatible version gets its own media type, on success only. */
function typed(answer: Answer, call: Call): Answer {
  if (answer.status !== 200) return answer
  return { ...answer, headers: { ...answer.headers, 'content-type': answerType(call) } }
}
