/**
 * Cold lookups of distinct dual-stack names through our resolver, libc (`dns.lookup`) and cacheable-lookup alone, on
 * the same faulty name servers in one run. Prints figures, judges nothing. Needs root and network namespaces, and
 * the built package.
 *
 *     node --import tsx test/bench/dns.ts [lookups, default 200]
 */
import type { ChildProcess } from 'node:child_process'
import process from 'node:process'
import { createInterface } from 'node:readline'
import type { DnsFault } from '../../src/testing/dns/index.ts'
import { findLab } from '../lab/find-lab.ts'
import type { Lab } from '../lab/lab.ts'
import { nameServerLines, startLab } from '../lab/lab.ts'
import { addresses } from '../lab/namespaces.ts'
import type { LookUps, Way } from '../lab/ways.ts'
import { ways } from '../lab/ways.ts'

interface Round {
  readonly title: string
  readonly faults: readonly DnsFault[]
  readonly nameServers?: 2
  /** The faults begin after the first success, and one name is looked up for so long, each time 10 ms after the last has ended. */
  readonly lastingMs?: number
}

const rounds: readonly Round[] = [
  { title: 'none', faults: [] },
  { title: 'race on every flow', faults: [{ kind: 'race', whileUnanswered: true }] },
  { title: '5 % of queries lost', faults: [{ kind: 'loss', fraction: 0.05 }] },
  { title: 'first of two dead', faults: [{ kind: 'silence' }], nameServers: 2 },
  {
    title: '10 s of dead DNS, TTL 2 s',
    faults: [{ kind: 'silence', when: { forMs: 10_000 } }],
    lastingMs: 14_000,
  },
]

const { v4, v6 } = addresses.target
const zones = {
  '*.w.lab.test': { A: [v4], AAAA: [v6], ttl: 30 },
  'es.lab.test': { A: [v4], AAAA: [v6], ttl: 2 },
}
const maxRunMs = 30 * 60_000

async function measure(lab: Lab, round: Round, way: Way, count: number): Promise<LookUps> {
  const { lastingMs } = round
  lab.setResolvConf(nameServerLines(round.nameServers ?? 1))
  await lab.setFaults(lastingMs === undefined ? round.faults : [])
  const words =
    lastingMs === undefined
      ? ['names', way, String(count), 'w.lab.test']
      : ['lasting', way, String(lastingMs), 'es.lab.test']
  const child = lab.spawn([process.execPath, '--import', 'tsx', 'test/lab/look-up.ts', ...words], {
    timeoutMs: maxRunMs,
  })
  return await readResult(child, () => lab.setFaults(round.faults))
}

async function readResult(child: ChildProcess, onReady: () => Promise<void>): Promise<LookUps> {
  if (!child.stdout) throw new TypeError('a child without stdout')
  child.stderr?.pipe(process.stderr)
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === 'ready') await onReady()
    else return JSON.parse(line) as LookUps
  }
  throw new Error('it ended without a result')
}

/** The value below which this share of the sorted numbers lies. */
function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}

function row(title: string, way: Way, { ms, failed }: LookUps): string {
  const sorted = ms.toSorted((a, b) => a - b)
  const figures = [0.5, 0.9, 0.99, 1].map((share) => quantile(sorted, share).toFixed(1).padStart(9))
  const ends = [String(ms.length).padStart(6), ...figures, String(failed.length).padStart(7)]
  return `${title.padEnd(27)}${way.padEnd(17)}${ends.join('')}`
}

async function compare(count: number): Promise<void> {
  console.log(`ms of ${count} cold lookups, Node ${process.version}`)
  const heads = ['n', 'p50', 'p90', 'p99', 'max', 'failed'].map((head, i) =>
    head.padStart([6, 9, 9, 9, 9, 7][i] ?? 0),
  )
  console.log(`${'fault'.padEnd(27)}${'way'.padEnd(17)}${heads.join('')}`)
  const lab = await startLab({ zones })
  try {
    for (const round of rounds) {
      for (const way of ways) {
        try {
          console.log(row(round.title, way, await measure(lab, round, way, count)))
        } catch (error) {
          console.log(`${round.title.padEnd(27)}${way.padEnd(17)} not measured: ${String(error)}`)
        }
      }
    }
  } finally {
    await lab.close()
  }
}

const search = findLab()
if (search.kind === 'missing') {
  console.error(`no lab here: ${search.what}`)
  process.exitCode = 1
} else await compare(Number(process.argv[2] ?? 200))
