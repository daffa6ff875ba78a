import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { BuildOptions } from 'esbuild'
import { build } from 'esbuild'
import type { FaultyElasticsearch } from '../../src/testing/index.ts'
import { createFaultyElasticsearch } from '../../src/testing/index.ts'
import { runApp } from '../helpers/run-app.ts'

/** An application: logs, waits for delivery, says what the helpers told it. */
const app = `
import pino from 'pino'
import { flush, onSelfLog } from 'pino-loudsink'

const { transport, lines } = JSON.parse(process.argv[2])
const logger = pino(pino.transport(transport))
onSelfLog(logger, ({ code }) => console.log(code))
for (let seq = 0; seq < lines; seq++) logger.info({ seq }, 'hello')
void flush(logger).then(({ ok, ledger }) => console.log(ok, ledger.stored))
`

/** pino starts its workers from files: each is an entry of its own, and pino is told where it is. */
const files = {
  'thread-stream-worker': 'thread-stream/lib/worker.js',
  'pino-worker': 'pino/lib/worker.js',
  'pino/file': 'pino/file.js',
  'pino-loudsink': 'pino-loudsink',
}

const paths = (folder: string, extension: string): string =>
  `globalThis.__bundlerPathsOverrides = Object.fromEntries(${JSON.stringify(Object.keys(files))}.map(
    (name) => [name, ${folder} + '/' + name.replace('/', '-') + '${extension}'],
  ))`

const formats: Readonly<Record<'esm' | 'cjs', BuildOptions & { readonly extension: string }>> = {
  esm: {
    extension: '.mjs',
    banner: {
      js: `import { createRequire as __createRequire } from 'node:module'
const require = __createRequire(import.meta.url)
const __filename = __createRequire('file:///')('node:url').fileURLToPath(import.meta.url)
const __dirname = __createRequire('file:///')('node:path').dirname(__filename)
${paths('__dirname', '.mjs')}`,
    },
  },
  cjs: { extension: '.cjs', banner: { js: paths('__dirname', '.cjs') } },
}

describe('an application that esbuild has bundled', () => {
  let server: FaultyElasticsearch
  const folders: string[] = []

  before(async () => {
    server = await createFaultyElasticsearch()
  })
  after(async () => {
    for (const folder of folders) rmSync(folder, { recursive: true })
    await server.close()
  })

  for (const format of ['esm', 'cjs'] as const) {
    it(`as ${format} delivers from the folder of the bundle alone, also with several targets`, async () => {
      const { extension, ...options } = formats[format]
      const folder = mkdtempSync(join(tmpdir(), 'pino-loudsink-bundle-'))
      folders.push(folder)
      const source = join(folder, 'source.mjs')
      writeFileSync(source, app)
      await build({
        entryPoints: {
          app: source,
          ...Object.fromEntries(
            Object.entries(files).map(([name, entry]) => [name.replace('/', '-'), entry]),
          ),
        },
        nodePaths: ['node_modules'],
        alias: { 'pino-loudsink': join(process.cwd(), 'dist/index.js') },
        bundle: true,
        platform: 'node',
        target: 'node20',
        format,
        outdir: folder,
        outExtension: { '.js': extension },
        logLevel: 'error',
        ...options,
      })
      rmSync(source)
      assert.equal(readdirSync(folder).length, 5)

      const loudsink = (index: string): object => ({
        target: 'pino-loudsink',
        options: { node: server.url, index },
      })
      const single = loudsink(`logs-${format}`)
      const file = { target: 'pino/file', options: { destination: '/dev/null' } }
      const several = { targets: [loudsink(`logs-${format}-several`), file] }
      for (const transport of [single, several]) {
        const run = await runApp(
          join(folder, `app${extension}`),
          { transport, lines: 100 },
          { cwd: folder },
        )
        assert.equal(run.stderr, '')
        assert.equal(run.code, 0)
        assert.deepEqual(run.stdout.trimEnd().split('\n'), ['transport.started', 'true 100'])
      }
      for (const index of [`logs-${format}`, `logs-${format}-several`]) {
        assert.equal(server.oracle({ expected: 100, index }).stored, 100)
      }
    })
  }
})
