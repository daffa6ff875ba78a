import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { askServer } from '../../../src/dns/ask-server.ts'
import type { ServerAnswer } from '../../../src/dns/dns-message.ts'
import type { QuestionResult } from '../../../src/dns/question.ts'
import { Question } from '../../../src/dns/question.ts'
import { ServerPool } from '../../../src/dns/server-pool.ts'
import { ManualClock } from '../../helpers/manual-clock.ts'

interface Script {
  /** The answer to try number n, from 0, and after how long; nothing for none. */
  readonly [index: number]: { readonly afterMs: number; readonly answer: ServerAnswer }
}

const yes: ServerAnswer = { outcome: 'answered', addresses: ['10.0.0.1'], ttlS: 30 }
const servfail: ServerAnswer = { outcome: 'servfail' }
const a = { host: '10.0.0.10', port: 53 }
const b = { host: '10.0.0.11', port: 53 }

/** Asks one question under the script; notes when each try left, for whom, and what is still open at the end. */
async function run(script: Script, servers = [a], maxMs = 3_000, insist = true) {
  const clock = new ManualClock()
  const tries: { atMs: number; host: string; edns: boolean }[] = []
  let open = 0
  const ask: typeof askServer = ({ server, edns }, take) => {
    const step = script[tries.length]
    tries.push({ atMs: clock.now(), host: server.host, edns })
    open++
    const timer = step && clock.setTimeout(() => take(step.answer), step.afterMs)
    return () => {
      open--
      clock.clearTimeout(timer)
    }
  }
  const pool = new ServerPool(servers, false)
  const parts = { clock, pool, ask, triesMs: [200, 400, 800, 1600], tcp: false, insist }
  const question = new Question('es.lab', 'A', parts)
  let result: QuestionResult | undefined
  let endedMs = 0
  void question.run(maxMs).then((ended) => {
    result = ended
    endedMs = clock.now()
  })
  await clock.advance(10_000)
  return { result, endedMs, tries, open, report: question.report(), order: pool.order(clock.now()) }
}

it('tries leave after 0, 200, 600 and 1400 ms, the later ones without EDNS', async () => {
  const { result, endedMs, tries, open } = await run({})
  assert.deepEqual(result, { outcome: 'timeout' })
  assert.equal(endedMs, 3_000)
  assert.deepEqual(
    tries.map(({ atMs, edns }) => [atMs, edns]),
    [
      [0, true],
      [200, true],
      [600, false],
      [1400, false],
    ],
  )
  assert.equal(open, 0)
})

it('the answer to an earlier try counts, and all sockets close', async () => {
  const { result, endedMs, report, open } = await run({ 0: { afterMs: 700, answer: yes } })
  assert.equal(result, yes)
  assert.deepEqual([endedMs, report.tries, report.ms, open], [700, 3, 700, 0])
  assert.equal(report.lostPacket, false)
})

it('a quick answer to the second try says that a packet was lost', async () => {
  const { report } = await run({ 1: { afterMs: 2, answer: yes } })
  assert.deepEqual([report.outcome, report.tries, report.lostPacket], ['answered', 2, true])
})

it('where another server answers quickly, the first may be dead: no lost packet', async () => {
  const { report, tries } = await run({ 1: { afterMs: 2, answer: yes } }, [a, b])
  assert.deepEqual(
    tries.map(({ host }) => host),
    [a.host, b.host],
  )
  assert.deepEqual([report.server, report.lostPacket], [b.host, false])
})

it('who cannot answer is asked again after a pause of 50 ms, four times in all', async () => {
  const bad = { afterMs: 1, answer: servfail }
  const { result, endedMs, tries } = await run({ 0: bad, 1: bad, 2: bad, 3: bad })
  assert.deepEqual(result, servfail)
  assert.deepEqual(
    tries.map(({ atMs }) => atMs),
    [0, 51, 102, 153],
  )
  assert.ok(endedMs < 300)
})

it('who does not insist gives up after one round', async () => {
  const { result, endedMs, tries } = await run(
    { 0: { afterMs: 1, answer: servfail } },
    [a],
    250,
    false,
  )
  assert.deepEqual([result, endedMs, tries.length], [servfail, 1, 1])
})

it('an answer that says nothing, and a server that is silent: what was said is the reason', async () => {
  const { result, endedMs } = await run({ 1: { afterMs: 1, answer: servfail } }, [a, b])
  assert.deepEqual([result, endedMs], [servfail, 3_000])
})

it('a closed port beside a silent server is a timeout', async () => {
  const { result } = await run({ 1: { afterMs: 1, answer: { outcome: 'unreachable' } } }, [a, b])
  assert.deepEqual(result, { outcome: 'timeout' })
})

it('servers that keep silent come last for 10 s', () => {
  const pool = new ServerPool([a, b], false)
  pool.markDead(a, 0)
  assert.deepEqual(pool.order(9_999), [b, a])
  assert.deepEqual(pool.order(10_000), [a, b])
  pool.markDead(b, 5_000)
  assert.deepEqual(pool.order(5_001), [a, b], 'all dead: as listed')
  pool.markAlive(b)
  assert.deepEqual(pool.order(5_002), [b, a])
})

it('a server found silent again comes last for twice as long', () => {
  const pool = new ServerPool([a, b], false)
  pool.markDead(a, 0)
  pool.markDead(a, 9_000)
  assert.deepEqual(pool.order(10_000), [a, b], 'once for one silence')
  pool.markDead(a, 10_000)
  assert.deepEqual([pool.order(29_999)[0], pool.order(30_000)[0]], [b, a])
  pool.markAlive(a)
  pool.markDead(a, 30_000)
  assert.deepEqual([pool.order(39_999)[0], pool.order(40_000)[0]], [b, a])
})

it('with rotate each question begins with another server', () => {
  const pool = new ServerPool([a, b], true)
  assert.deepEqual([pool.order(0)[0], pool.order(0)[0], pool.order(0)[0]], [a, b, a])
})
