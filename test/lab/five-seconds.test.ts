import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import process from 'node:process'
import { after, before, it } from 'node:test'
import type { DnsFault } from '../../src/testing/dns/index.ts'
import { describeLab, registerMissing } from './find-lab.ts'
import type { Lab } from './lab.ts'
import { startLab } from './lab.ts'
import { addresses } from './namespaces.ts'
import type { LookUps, Way } from './ways.ts'

const { v4, v6 } = addresses.target
const zones = {
  'es.lab.test': { A: [v4], AAAA: [v6], ttl: 30 },
  '*.w.lab.test': { A: [v4], AAAA: [v6], ttl: 30 },
  'elasticsearch.logging.svc.cluster.local': { A: [v4], ttl: 30 },
}
/** As in a real network: answers take 2 ms, and the race is over with the first. */
const race: DnsFault = { kind: 'race', whileUnanswered: true }

describeLab('five seconds', () => {
  let lab: Lab
  before(async () => {
    lab = await startLab({ zones })
  })
  after(() => lab.close())

  async function lookUp(way: Way, count: number): Promise<LookUps> {
    const script = [
      '--import',
      'tsx',
      'test/lab/look-up.ts',
      'names',
      way,
      String(count),
      'w.lab.test',
    ]
    const { code, stdout, stderr } = await lab.run([process.execPath, ...script])
    assert.equal(code, 0, stderr)
    return JSON.parse(stdout) as LookUps
  }

  /** curl's own `time_namelookup`, in ms. */
  async function curlMs(): Promise<number> {
    const words = [
      '-sS',
      '-o',
      '/dev/null',
      '--max-time',
      '20',
      '-w',
      '%{time_namelookup} %{http_code}',
    ]
    const { stdout, stderr } = await lab.run(['curl', ...words, 'http://es.lab.test/'])
    const [seconds, status] = stdout.split(' ')
    assert.equal(status, '200', stderr)
    return Number(seconds) * 1_000
  }

  it('curl: a name takes milliseconds, and seconds when one of two packets is lost', async (t) => {
    const { stdout: version } = await lab.run(['curl', '-V'])
    if (/c-ares/.test(version)) {
      t.skip('this curl resolves with c-ares; install one that uses the system: Debian, Alpine')
      return
    }
    await lab.setFaults([])
    const calmMs = await curlMs()
    assert.ok(calmMs < 500, `${calmMs} ms without a fault`)
    await lab.setFaults([race])
    await lab.clearQueries()
    const racedMs = await curlMs()
    const { glibc } = await lookUp('libc', 0)
    // musl sends the missing question again after half of its timeout.
    const leastMs = glibc === undefined ? 2_400 : 4_900
    assert.ok(racedMs > leastMs, `${racedMs} ms under the race`)
    const [first, second] = await lab.queries()
    assert.equal(first?.sourcePort, second?.sourcePort, 'A and AAAA left from one port')
    assert.deepEqual([first?.outcome, second?.outcome], ['answered', 'dropped'])
    t.diagnostic(`curl: ${calmMs.toFixed(1)} ms, under the race ${racedMs.toFixed(1)} ms`)
  })

  it("dns.lookup: libc's resolver waits as long", async (t) => {
    await lab.setFaults([race])
    const { ms, failed, glibc, addresses: found } = await lookUp('libc', 1)
    assert.deepEqual(failed, [])
    assert.ok(found.includes(v4), String(found))
    const [worst = 0] = ms
    assert.ok(worst > (glibc === undefined ? 2_400 : 4_900), `${worst} ms`)
    t.diagnostic(`dns.lookup under the race: ${worst.toFixed(1)} ms (glibc ${glibc ?? 'none'})`)
  })

  it('the client sees its own resolv.conf, and a new one at once', async () => {
    await lab.setFaults([])
    lab.setResolvConf(
      `nameserver ${addresses.servers[1].v4}\nsearch logging.svc.cluster.local svc.cluster.local\noptions ndots:5\n`,
    )
    await lab.clearQueries(1)
    const { stdout } = await lab.run(['getent', 'ahostsv4', 'elasticsearch.logging'])
    assert.match(stdout, new RegExp(`^${v4.replaceAll('.', '\\.')}\\s`))
    const asked = (await lab.queries(1)).map(({ name }) => name)
    assert.deepEqual(
      [...new Set(asked)],
      [
        'elasticsearch.logging.logging.svc.cluster.local',
        'elasticsearch.logging.svc.cluster.local',
      ],
    )
    lab.setResolvConf(`nameserver ${addresses.servers[0].v4}\n`)
  })

  const built = 'dist/dns/index.js'
  if (existsSync(built)) {
    it('createLookup() of the built package takes milliseconds on the same server', async (t) => {
      await lab.setFaults([race])
      const { ms, failed, addresses: found } = await lookUp('ours', 200)
      assert.deepEqual(failed, [])
      assert.ok(found.includes(v4), String(found))
      const sorted = ms.toSorted((a, b) => a - b)
      const p99Ms = sorted[197] ?? Number.NaN
      assert.equal(sorted.length, 200)
      assert.ok(p99Ms < 100, `p99 ${p99Ms} ms`)
      assert.ok((sorted.at(-1) ?? Number.NaN) < 1_000, `max ${sorted.at(-1)} ms`)
      t.diagnostic(`ours under the race, 200 names: p99 ${p99Ms.toFixed(1)} ms`)
    })
  } else registerMissing('five seconds: createLookup()', `${built}: run \`npm run build\``)
})
