import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { after, before, describe, it } from 'node:test'
import type { FaultyElasticsearch } from '../../src/testing/index.ts'
import { createFaultyElasticsearch } from '../../src/testing/index.ts'
import { lostIn, runApp } from '../helpers/run-app.ts'

/** npm's words for a registry that cannot be reached. Any other failure is one of the package. */
const unreachable =
  /E(?:NOTFOUND|AI_AGAIN|CONNREFUSED|CONNRESET|TIMEDOUT|HOSTUNREACH|NETUNREACH|NOTCACHED)|ERR_SOCKET_TIMEOUT|ECONNABORTED|code E5\d\d/

const app = `
import pino from 'pino'
import transport, { createShipper, flush } from 'pino-loudsink'
import { createFaultyElasticsearch } from 'pino-loudsink/testing'

const { node } = JSON.parse(process.argv[2])
console.log(typeof transport, typeof createShipper, typeof createFaultyElasticsearch)
const logger = pino(pino.transport({ target: 'pino-loudsink', options: { node } }))
for (let seq = 0; seq < 100; seq++) logger.info({ seq }, 'hello')
const { ok, ledger } = await flush(logger, { timeoutMs: 5_000 })
console.log(ok, ledger.stored)
`

/** The same from CommonJS, as many services still are; ends by itself. */
const commonJs = `
const pino = require('pino')
const { node, timeoutMs } = JSON.parse(process.argv[2])
const options = { node, index: 'logs-cjs', shutdown: { timeoutMs } }
const logger = pino(pino.transport({ target: 'pino-loudsink', options }))
for (let seq = 0; seq < 100; seq++) logger.info({ seq }, 'hello')
`

function npm(args: readonly string[], cwd: string) {
  return spawnSync('npm', args, { cwd, encoding: 'utf8', timeout: 120_000 })
}

interface PackResult {
  readonly filename: string
  readonly files: readonly { readonly path: string }[]
}

describe('the package as npm packs it', () => {
  let folder: string
  let packed: PackResult | undefined
  let server: FaultyElasticsearch

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pino-loudsink-package-'))
    mkdirSync(join(folder, 'app'))
    server = await createFaultyElasticsearch()
    // Without scripts: dist is there, and must stay there while other tests use it.
    const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder]
    const { stdout, stderr, status } = npm(args, process.cwd())
    assert.equal(status, 0, stderr)
    packed = (JSON.parse(stdout) as PackResult[])[0]
  })
  after(async () => {
    rmSync(folder, { recursive: true })
    await server.close()
  })

  it('holds the built code with its declarations, and what npm adds; nothing else', () => {
    const paths = packed?.files.map(({ path }) => path) ?? []
    for (const path of ['dist/index.js', 'dist/index.d.ts', 'dist/testing/index.js']) {
      assert.ok(paths.includes(path), `${path} is missing`)
    }
    assert.deepEqual(
      paths.filter((path) => !/^dist\/.*\.(?:js|d\.ts)(?:\.map)?$/.test(path)).sort(),
      ['LICENSE', 'README.md', 'package.json'],
    )
  })

  it('installed in an empty folder, is a target of pino from ESM and CommonJS', async (t) => {
    const place = join(folder, 'app')
    const tarball = join(folder, packed?.filename ?? '')
    writeFileSync(join(place, 'package.json'), '{ "private": true }')
    const flags = ['--prefer-offline', '--no-audit', '--no-fund', '--omit=dev']
    const { stderr, status } = npm(['install', ...flags, tarball, 'pino'], place)
    if (status !== 0 && unreachable.test(stderr) && !process.env['PINO_LOUDSINK_REQUIRE_ALL']) {
      t.skip('the registry of npm packages cannot be reached')
      return
    }
    assert.equal(status, 0, stderr)

    writeFileSync(join(place, 'app.mjs'), app)
    const run = await runApp(join(place, 'app.mjs'), { node: server.url }, { cwd: place })
    assert.equal(run.stderr, '')
    assert.equal(run.stdout, 'function function function\ntrue 100\n')
    assert.equal(server.oracle({ expected: 100 }).stored, 100)

    writeFileSync(join(place, 'app.cjs'), commonJs)
    const second = await runApp(
      join(place, 'app.cjs'),
      { node: server.url, timeoutMs: 5_000 },
      { cwd: place },
    )
    assert.deepEqual([second.code, second.stderr], [0, ''])
    assert.equal(server.oracle({ expected: 100, index: 'logs-cjs' }).stored, 100)

    const down = await runApp(
      join(place, 'app.cjs'),
      { node: 'http://127.0.0.1:1', timeoutMs: 500 },
      { cwd: place },
    )
    assert.equal(down.code, 0)
    assert.equal(lostIn(down.events), 100)
    assert.deepEqual(down.otherLines, [])
  })
})
