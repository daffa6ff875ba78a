import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import process from 'node:process'
import { describe, it } from 'node:test'

/** Prints the address of every script that V8 has parsed in that process, ESM and CommonJS alike. */
const printScripts = `
  const { Session } = await import('node:inspector')
  const session = new Session()
  session.connect()
  session.on('Debugger.scriptParsed', ({ params }) => console.log(params.url))
  session.post('Debugger.enable')
  process.exit(0)
`

function scriptsAfter(program: string): readonly string[] {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--input-type=module', '--eval', `${program}\n${printScripts}`],
    { encoding: 'utf8', timeout: 20_000 },
  )
  assert.equal(status, 0, stderr)
  return stdout.split('\n').filter((url) => url.startsWith('file:') || url.startsWith('/'))
}

const heavy = /\/node_modules\/|\/dist\/bulk\//

describe('importing the package', () => {
  it('loads our own small files only: no client, no undici, nothing of node_modules', () => {
    const scripts = scriptsAfter("await import('pino-loudsink')")
    assert.ok(scripts.some((url) => url.endsWith('/dist/index.js')))
    assert.deepEqual(
      scripts.filter((url) => heavy.test(url)),
      [],
    )
    assert.ok(scripts.length < 150, `${scripts.length} files`)
  })

  it('would be seen to load the client, which the first transport does', () => {
    const scripts = scriptsAfter(`
      const { createShipper } = await import('pino-loudsink')
      const shipper = createShipper({ node: 'http://127.0.0.1:1', selfLog: { stderr: false } })
      shipper.stream.write('{"msg":"hello"}\\n')
      const alive = setInterval(() => {}, 1_000)
      await new Promise((resolve) => {
        shipper.stream.on('selfLog', ({ code }) => code === 'bulk.failed' && resolve())
      })
      clearInterval(alive)
    `)
    assert.ok(scripts.some((url) => url.includes('/node_modules/@elastic/')))
    assert.ok(scripts.some((url) => url.includes('/node_modules/undici/')))
  })
})
