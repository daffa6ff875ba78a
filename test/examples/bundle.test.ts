import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'node:test'
import { createFaultyElasticsearch } from 'pino-loudsink/testing'
import { runExample } from './run-example.ts'

it('a bundle made by esbuild delivers from a folder without node_modules', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pino-loudsink-bundle-'))
  const server = await createFaultyElasticsearch()
  try {
    const built = await runExample('examples/bundle/build.ts', {}, { args: [folder] })
    assert.equal(built.code, 0, built.stderr)
    const ran = await runExample(join(folder, 'app.mjs'), { PINO_LOUDSINK_NODE: server.url })
    assert.equal(ran.code, 0, ran.stderr)
    assert.match(ran.stdout, /^self-log: transport\.started$/m)
    assert.match(ran.stdout, /^all delivered$/m)
    const texts = [...server.documents('logs-bundled-default')].map(({ source }) => source['msg'])
    assert.deepEqual(texts, ['logged from a bundle'])
  } finally {
    await server.close()
    rmSync(folder, { recursive: true })
  }
})
