/**
 * Runs in the server's namespace, as a child with a channel: two faulty name servers on port 53, IPv4 and IPv6 apart,
 * and an HTTP target on port 80. Ends when its parent does.
 */
import { createServer } from 'node:http'
import process from 'node:process'
import type { DnsFault, FaultyDns, RecordedQuery, Zones } from '../../src/testing/dns/index.ts'
import { createFaultyDns } from '../../src/testing/dns/index.ts'
import { addresses } from './namespaces.ts'

/** What the parent may ask. `server` is 0 or 1; each stands for its IPv4 and its IPv6 address. */
export type LabOrder =
  | { readonly do: 'faults'; readonly server: number; readonly faults: readonly DnsFault[] }
  | { readonly do: 'zones'; readonly zones: Zones }
  | { readonly do: 'queries' | 'down' | 'up' | 'clear'; readonly server: number }

export interface LabRequest {
  readonly id: number
  readonly order: LabOrder
}

export interface LabResponse {
  readonly id: number
  readonly error?: string
  readonly queries?: readonly RecordedQuery[]
}

const servers: (readonly FaultyDns[])[] = []
for (const { v4, v6 } of addresses.servers) {
  servers.push([
    await createFaultyDns({ address: v4, port: 53, keepQueries: 50_000 }),
    await createFaultyDns({ address: v6, port: 53, keepQueries: 50_000 }),
  ])
}
for (const address of Object.values(addresses.target)) {
  const target = createServer((_, response) => response.end('ok\n'))
  await new Promise<void>((resolve) => target.listen(80, address, resolve))
}

async function obey(order: LabOrder): Promise<Omit<LabResponse, 'id'>> {
  if (order.do === 'zones') {
    for (const server of servers.flat()) {
      for (const [name, records] of Object.entries(order.zones)) server.zones.set(name, records)
    }
    return {}
  }
  const pair = servers[order.server] ?? []
  switch (order.do) {
    case 'queries':
      return { queries: pair.flatMap(({ queries }) => queries) }
    case 'faults':
      for (const server of pair) {
        server.faults.clear()
        for (const fault of order.faults) server.faults.add(fault)
      }
      return {}
    case 'clear':
      for (const server of pair) server.clearQueries()
      return {}
    case 'down':
    case 'up':
      await Promise.all(pair.map((server) => server[order.do === 'up' ? 'up' : 'down']()))
      return {}
  }
}

process.on('message', ({ id, order }: LabRequest) => {
  obey(order).then(
    (outcome) => process.send?.({ id, ...outcome }),
    (error: unknown) => process.send?.({ id, error: String(error) }),
  )
})
process.on('disconnect', () => process.exit())
process.send?.({ id: 0 } satisfies LabResponse)
