import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Logger } from 'pino'
import { flush } from 'pino-loudsink'
import type { FaultyElasticsearch } from '../../src/testing/index.ts'
import { loudsink, openTransport } from './open-transport.ts'

/** A transport that is not ready before pino has told it its names, as some are. Writes them into `file`. */
const waiter = (pinoPath: string): string => `
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { setTimeout as sleep } from 'node:timers/promises'

const build = createRequire(${JSON.stringify(pinoPath)})('pino-abstract-transport')

export default async ({ file, loadsForMs }) => {
  await sleep(loadsForMs)
  return build(async (source) => {
    const { messageKey, levels } = source
    writeFileSync(file, JSON.stringify({ messageKey, levels }))
    for await (const line of source) void line
  }, { expectPinoConfig: true })
}
`
const file = { target: 'pino/file', options: { destination: '/dev/null' } }
const ofPino = { messageKey: 'text', customLevels: { notice: 35 } }

const ecs = (server: FaultyElasticsearch) => loudsink(server, { format: 'ecs' })

/** Where our target stands among others. */
const places = [
  { where: 'alone', transport: ecs },
  {
    where: 'before another',
    transport: (server: FaultyElasticsearch) => ({ targets: [ecs(server), file] }),
  },
  {
    where: 'behind another',
    transport: (server: FaultyElasticsearch) => ({ targets: [file, ecs(server)] }),
  },
]

describe('what pino says about itself', () => {
  let folder: string
  let target: string

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'pino-loudsink-'))
    target = join(folder, 'waiter.mjs')
    writeFileSync(target, waiter(fileURLToPath(import.meta.resolve('pino'))))
  })
  after(() => {
    rmSync(folder, { recursive: true })
  })

  for (const { where, transport } of places) {
    for (const when of ['at once', 'later']) {
      it(`reaches us ${where} before the first line, logged ${when}`, async () => {
        await using fixture = await openTransport(transport, ofPino)
        const { server, logger } = fixture
        if (when === 'later') await sleep(300)
        ;(logger as unknown as Logger<'notice'>).notice('hello')
        assert.ok((await flush(logger)).ok)
        const [document] = [...server.documents()]
        assert.equal(document?.source['message'], 'hello')
        assert.equal(document?.source['log.level'], 'notice')
      })
    }
  }

  for (const loadsForMs of [0, 400]) {
    it(`reaches another target that waits for it and loads for ${loadsForMs} ms`, async () => {
      const written = join(folder, `config-${loadsForMs}.json`)
      await using fixture = await openTransport(
        (node) => ({
          targets: [
            loudsink(node),
            { target, options: { file: written, loadsForMs } },
            loudsink(node, { index: 'logs-two' }),
          ],
        }),
        ofPino,
      )
      const { server, logger } = fixture
      logger.info({ seq: 0 }, 'hello')
      assert.ok((await flush(logger)).ok)
      assert.equal(server.count(), 2)
      const config = JSON.parse(readFileSync(written, 'utf8')) as {
        messageKey: string
        levels: { values: Record<string, number> }
      }
      assert.equal(config.messageKey, 'text')
      assert.equal(config.levels.values['notice'], 35)
    })
  }
})
