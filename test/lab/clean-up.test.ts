import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import process from 'node:process'
import { text } from 'node:stream/consumers'
import { it } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { describeLab } from './find-lab.ts'
import { startLab } from './lab.ts'

/** What a lab of that process has left behind. */
function leftBy(pid: number | undefined): readonly string[] {
  const mark = `loudsink-${(pid ?? 0).toString(36)}-`
  const namespaces = execFileSync('ip', ['netns', 'list'], { encoding: 'utf8' }).split('\n')
  const folders = existsSync('/etc/netns') ? readdirSync('/etc/netns') : []
  return [...namespaces, ...folders].filter((name) => name.startsWith(mark))
}

/** An orphan that was killed stays a zombie until init looks. */
async function isGone(pid: string): Promise<boolean> {
  for (let i = 0; i < 100; i++) {
    try {
      if (/^\d+ \(.*\) [ZX]/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))) return true
    } catch {
      return true
    }
    await wait(20)
  }
  return false
}

const endings = {
  'is closed': 'await lab.close()',
  'exits in the middle': 'process.exit(3)',
  'fails in the middle': 'throw new Error("on purpose")',
  'is told to end': 'process.kill(process.pid, "SIGTERM"); await new Promise(() => {})',
}

describeLab('clean-up', () => {
  it('a lab in use shows, a closed one does not', async () => {
    const lab = await startLab()
    lab.spawn(['sleep', '600'])
    assert.equal(leftBy(process.pid).length, 3)
    await lab.close()
    await lab.close()
    assert.deepEqual(leftBy(process.pid), [])
  })

  for (const [how, ending] of Object.entries(endings)) {
    it(`nothing is left of a lab whose process ${how}`, async () => {
      const script = `
        import { startLab } from './test/lab/lab.ts'
        const lab = await startLab()
        const sleeper = lab.spawn(['sleep', '600'])
        console.log(sleeper.pid)
        ${ending}`
      const child = spawn(
        process.execPath,
        ['--import', 'tsx', '--input-type=module', '-e', script],
        { stdio: ['ignore', 'pipe', 'ignore'], timeout: 30_000, killSignal: 'SIGKILL' },
      )
      const [sleeper] = await Promise.all([text(child.stdout), once(child, 'exit')])
      assert.match(sleeper, /^\d+\n$/)
      assert.deepEqual(leftBy(child.pid), [])
      assert.equal(await isGone(sleeper.trim()), true)
    })
  }
})
