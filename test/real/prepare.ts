/**
 * Makes both real servers ready, so that no test has to wait for it: `node --import tsx test/real/prepare.ts`.
 * Exit code 1 where one is missing.
 */
import process from 'node:process'
import { findServer } from './real-node.ts'

for (const kind of ['elasticsearch', 'opensearch'] as const) {
  const search = await findServer(kind)
  if (search.kind === 'missing') process.exitCode = 1
  const found = search.kind === 'ready' ? `${search.server.version} is ready` : search.what
  process.stdout.write(`real ${kind}: ${found}\n`)
}
