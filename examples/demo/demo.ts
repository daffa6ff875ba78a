/**
 * `npm run demo`: a service logs, Elasticsearch goes away and comes back, and the books are compared in the end.
 * Needs nothing but Node. With PINO_LOUDSINK_NODE set it talks to that Elasticsearch. Ends with code 0 only if
 * ledger and server agree.
 */
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Ledger } from 'pino-loudsink'
import type { DemoServer, ServerCount } from './demo-server.ts'
import { openFaultyServer } from './faulty-server.ts'
import { openOwnServer } from './own-server.ts'
import type { ServiceReport } from './service-process.ts'
import { ServiceProcess } from './service-process.ts'
import { Stage } from './stage.ts'

const healthyMs = 2_000
const outageMs = 5_000
/** Probes come at most 10 s apart, at first sooner. */
const recoveryTimeoutMs = 15_000

const stage = new Stage(process.stdout)
process.exitCode = 1
try {
  const own = process.env['PINO_LOUDSINK_NODE']
  const server =
    own === undefined || own === '' ? await openFaultyServer() : await openOwnServer(own)
  try {
    process.exitCode = (await play(server)) ? 0 : 1
  } finally {
    stage.note((await server.close()).join(' '))
  }
} catch (error) {
  stage.failure(error instanceof Error ? error.message : String(error))
}

async function play(server: DemoServer): Promise<boolean> {
  stage.title('Elasticsearch goes away and comes back while a service logs')
  stage.say(`Elasticsearch is up: ${server.name}`)
  const service = await ServiceProcess.start(server.serviceEnvironment, (event) => {
    stage.selfLog(event)
  })
  try {
    stage.say('a service in a process of its own logs about 100 lines a second')
    await sleep(healthyMs)
    stage.say(heldWords(await service.report()))

    stage.gap()
    await server.takeAway()
    stage.act('Elasticsearch goes away: nothing listens any more, connections are cut')
    await sleep(outageMs)
    stage.say(heldWords(await service.report()))
    await server.bringBack()
    stage.act('Elasticsearch is back')
    await service.waitFor('bulk.recovered', recoveryTimeoutMs)
    stage.say(heldWords(await service.report()))

    const { logged, ledger } = await service.end()
    stage.gap()
    stage.act('the service has ended; the books:')
    return compare(logged, ledger, await server.count(logged))
  } finally {
    service.kill()
  }
}

function heldWords({ logged, ledger }: ServiceReport): string {
  return `lines logged so far: ${logged}, of these stored: ${ledger.stored}, held in memory: ${ledger.pending}`
}

function compare(logged: number, ledger: Ledger, server: ServerCount): boolean {
  const { accepted, stored, duplicates, deadLettered, pending } = ledger
  const dropped = Object.values(ledger.dropped).reduce((a, b) => a + b, 0)
  const balances = accepted === stored + duplicates + deadLettered + dropped + pending
  const parts = `stored ${stored} + duplicates ${duplicates} + dead-lettered ${deadLettered} + dropped ${dropped} + pending ${pending}`
  stage.row('logged by the service', logged, '')
  stage.row('accepted by the ledger', accepted, `${balances ? '=' : '≠'} ${parts}`)
  const times = `by its own _count; ${server.lost} missing, ${server.copies} there twice`
  stage.row('in Elasticsearch', server.documents, times)

  const delivered = stored + duplicates
  const agree =
    balances &&
    logged === accepted &&
    delivered === logged &&
    server.documents === logged &&
    server.lost === 0 &&
    server.copies === 0
  stage.gap()
  if (agree) stage.success('They agree: every line is there, each of them once.')
  else stage.failure('They do not agree. Please report this with the lines above.')
  return agree
}
