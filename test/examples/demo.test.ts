import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createFaultyElasticsearch } from 'pino-loudsink/testing'
import { wrap } from '../../examples/demo/wrap.ts'
import { createForgetfulElasticsearch } from './forgetful-elasticsearch.ts'
import type { Ending } from './run-example.ts'
import { runExample } from './run-example.ts'

const demo = 'examples/demo/demo.ts'

function assertOneScreen({ stdout }: Ending): void {
  const lines = stdout.trimEnd().split('\n')
  assert.ok(lines.length <= 40, `${lines.length} lines`)
  for (const line of lines) assert.ok(line.length <= 100, line)
}

function assertStory({ code, stdout, stderr }: Ending): void {
  assert.equal(code, 0, stdout + stderr)
  assert.equal(stderr, '')
  assert.match(stdout, /self-log: bulk\.failed: .*connection refused/)
  assert.match(stdout, /self-log: bulk\.recovered/)
  const [, loggedByService] = /logged by the service +(\d+)/.exec(stdout) ?? []
  const [, inElasticsearch] = /in Elasticsearch +(\d+)/.exec(stdout) ?? []
  assert.ok(Number(loggedByService) > 100, stdout)
  assert.equal(inElasticsearch, loggedByService)
  assert.match(stdout, /0 missing, 0 there twice/)
  assert.match(stdout, /They agree/)
}

// At the same time: they mostly wait.
describe('npm run demo', { concurrency: true }, () => {
  it('tells its story on one screen, and ends with code 0 since the books agree', async () => {
    const ending = await runExample(demo, {})
    assertStory(ending)
    assertOneScreen(ending)
    assert.ok(!ending.stdout.includes(String.fromCharCode(27)), 'colours are for terminals')
  })

  it('talks to the server of PINO_LOUDSINK_NODE, and takes its proxy away instead', async () => {
    const server = await createFaultyElasticsearch()
    const ending = await runExample(demo, { PINO_LOUDSINK_NODE: server.url })
    const names = new Set([...server.documents()].map(({ index }) => index))
    await server.close()
    assertStory(ending)
    assertOneScreen(ending)
    assert.equal(names.size, 1)
    assert.match([...names][0] ?? '', /^loudsink-demo-[0-9a-f]{8}$/)
  })

  it('ends with code 1 and says why when no server answers', async () => {
    const server = await createFaultyElasticsearch()
    await server.close()
    const { code, stdout } = await runExample(demo, { PINO_LOUDSINK_NODE: server.url })
    assert.equal(code, 1)
    assert.match(stdout, /does not answer: .*ECONNREFUSED/)
  })

  it('ends with code 1 when the server has fewer lines than the ledger', async () => {
    const server = await createForgetfulElasticsearch()
    const { code, stdout } = await runExample(demo, { PINO_LOUDSINK_NODE: server.url })
    server.close()
    assert.equal(code, 1)
    assert.match(stdout, /1 missing, 0 there twice/)
    assert.match(stdout, /They do not agree/)
  })
})

describe('wrap', () => {
  it('breaks at spaces, within the width', () => {
    assert.deepEqual(wrap('one two three', 7), ['one two', 'three'])
  })

  it('indents what follows, and counts that', () => {
    assert.deepEqual(wrap('one two three four', 9, 2), ['one two', '  three', '  four'])
  })

  it('leaves a longer word whole', () => {
    assert.deepEqual(wrap('a unbreakable b', 4), ['a', 'unbreakable', 'b'])
  })

  it('keeps runs of spaces, so that columns stay columns', () => {
    assert.deepEqual(wrap('name    7  of', 20), ['name    7  of'])
  })
})
