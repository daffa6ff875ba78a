import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import process from 'node:process'
import { after, before, describe, it } from 'node:test'
import { givenServer } from './given-server.ts'
import type { Settings } from './launch-node.ts'
import type { ServerKind } from './prepare-server.ts'
import type { RealNode } from './real-node.ts'
import { findServer, startRealNode } from './real-node.ts'
import type { ServerClient } from './server-client.ts'

const titles: Readonly<Record<ServerKind, string>> = {
  elasticsearch: 'Elasticsearch',
  opensearch: 'OpenSearch',
}

/** What a suite is handed. Ask it inside tests only: before, no node runs. */
export interface ServerUnderTest {
  readonly kind: ServerKind
  /** The server, for requests past everything under test. */
  client(): ServerClient
  /** A test that takes the server away or bends its settings; skipped, by name, on a server of the user's own. */
  itOwning(name: string, test: (node: RealNode) => Promise<void>): void
  /** The name of an index that nobody else has; the suite removes it in the end. */
  indexName(): string
  /**
   * The name of a data stream that nobody else has, with a template that makes it one: for `logs-*` on our own
   * node, for this name alone on the user's.
   */
  dataStreamName(): Promise<string>
}

/**
 * Registers the suite once for Elasticsearch and once for OpenSearch, each with a fresh node that is stopped and
 * removed afterwards; for the user's server alone where `PINO_LOUDSINK_TEST_NODE` names one. Where a server
 * cannot run, one skipped test says what to install; with `PINO_LOUDSINK_REQUIRE_ALL=1` that test fails.
 */
export async function describeServers(
  name: string,
  body: (server: ServerUnderTest) => void,
  settings: Settings = {},
): Promise<void> {
  const given = await givenServer()
  if (given !== undefined) {
    describeGiven(name, given, body)
    return
  }
  for (const kind of ['elasticsearch', 'opensearch'] as const) {
    const search = await findServer(kind)
    if (search.kind === 'missing') registerMissing(name, kind, search.what)
    else describeOwn(`${name}: real ${titles[kind]} ${search.server.version}`, kind, settings, body)
  }
}

function registerMissing(name: string, kind: ServerKind, what: string): void {
  const title = `real ${titles[kind]}: ${what}`
  if (process.env['PINO_LOUDSINK_REQUIRE_ALL'] === '1') {
    it(`${name}: missing: ${title}`, () => assert.fail(what))
  } else it(`${name}: skipped: ${title}`, { skip: true })
}

function describeOwn(
  name: string,
  kind: ServerKind,
  settings: Settings,
  body: (server: ServerUnderTest) => void,
): void {
  describe(name, () => {
    let node: RealNode | undefined
    const running = (): RealNode => {
      assert.ok(node, 'the node did not start')
      return node
    }
    before(async () => {
      node = await startRealNode(kind, { settings })
      await installTemplate(node, 'loudsink-logs', 'logs-*')
    })
    after(async () => {
      await node?.close()
    })
    body({
      kind,
      client: running,
      itOwning: (title, test) => void it(title, () => test(running())),
      indexName: () => freshName('loudsink'),
      dataStreamName: async () => freshName('logs-loudsink'),
    })
  })
}

function describeGiven(
  name: string,
  given: ServerClient,
  body: (server: ServerUnderTest) => void,
): void {
  const cleanUps: string[] = []
  describe(`${name}: given ${titles[given.kind]} ${given.version}`, () => {
    after(async () => {
      for (const path of cleanUps) await given.request('DELETE', path)
    })
    body({
      kind: given.kind,
      client: () => given,
      itOwning: (title) =>
        void it(`${title} (not on the server of PINO_LOUDSINK_TEST_NODE)`, { skip: true }),
      indexName: () => {
        const index = freshName('loudsink')
        cleanUps.push(`/${index}`)
        return index
      },
      dataStreamName: async () => {
        const stream = freshName('logs-loudsink')
        await installTemplate(given, stream, stream)
        cleanUps.push(`/_data_stream/${stream}`, `/_index_template/${stream}`)
        return stream
      },
    })
  })
}

function freshName(prefix: string): string {
  return `${prefix}-${randomBytes(5).toString('hex')}`
}

/** Priority 200: above the built-in templates for `logs-*-*` (100), which a lean node does not have. */
async function installTemplate(
  client: ServerClient,
  template: string,
  pattern: string,
): Promise<void> {
  await client.ask('PUT', `/_index_template/${template}`, {
    index_patterns: [pattern],
    data_stream: {},
    priority: 200,
    template: { settings: { number_of_shards: 1, number_of_replicas: 0 } },
  })
}
