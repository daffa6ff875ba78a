import assert from 'node:assert/strict'
import dns from 'node:dns'
import { it } from 'node:test'
import type { Address } from '../../../src/dns/address.ts'
import { Front } from '../../../src/dns/front.ts'
import type { Outcome } from '../../../src/dns/name-cache.ts'

const both: readonly Address[] = [
  { address: '10.0.0.1', family: 4 },
  { address: 'fd00::1', family: 6 },
]

/** A source that counts how often it is asked, and for what. */
function counting(outcome: Outcome): { asked: string[]; front: Front } {
  const asked: string[] = []
  const front = new Front((name) => {
    asked.push(name)
    return Promise.resolve(outcome)
  })
  return { asked, front }
}

const any = { family: 0, hints: 0 } as const

it('each lookup asks the source once, for both families, and nothing is cached in front of it', async () => {
  const { asked, front } = counting({ kind: 'found', addresses: both })
  assert.deepEqual(await front.lookup('es.lab', any), { kind: 'found', addresses: both })
  assert.deepEqual(await front.lookup('es.lab', { ...any, family: 6 }), {
    kind: 'found',
    addresses: [both[1]],
  })
  assert.deepEqual(asked, ['es.lab', 'es.lab'])
})

it('a failure comes through with its reason, and no name is asked of the system', async (t) => {
  const system = t.mock.method(dns, 'lookup')
  const resolver = t.mock.method(dns.promises, 'Resolver')
  for (const code of ['ENOTFOUND', 'ENODATA', 'ETIMEOUT']) {
    const failure = { code, message: 'why', syscall: 'queryA' } as const
    const { asked, front } = counting({ kind: 'failed', failure })
    assert.deepEqual(await front.lookup('es.lab', any), { kind: 'failed', failure })
    assert.deepEqual(await front.lookup('es.lab', any), { kind: 'failed', failure })
    assert.equal(asked.length, 2)
  }
  assert.equal(system.mock.callCount() + resolver.mock.callCount(), 0)
})

it('it sets no timers', async (t) => {
  const timeout = t.mock.method(globalThis, 'setTimeout')
  const interval = t.mock.method(globalThis, 'setInterval')
  const { front } = counting({ kind: 'found', addresses: both })
  await front.lookup('es.lab', any)
  const none = counting({ kind: 'found', addresses: [] })
  assert.deepEqual(await none.front.lookup('es.lab', any), { kind: 'found', addresses: [] })
  assert.equal(timeout.mock.callCount() + interval.mock.callCount(), 0)
})

it('what the source keeps is not written into', async () => {
  const addresses = both.map((address) => Object.freeze({ ...address }))
  const { front } = counting({ kind: 'found', addresses: Object.freeze(addresses) as Address[] })
  const mapped = await front.lookup('es.lab', { family: 6, hints: dns.V4MAPPED | dns.ALL })
  assert.deepEqual(mapped.kind === 'found' && mapped.addresses.map(({ address }) => address), [
    '::ffff:10.0.0.1',
    'fd00::1',
  ])
})

it('names of which plain objects know something are asked for', async () => {
  const { asked, front } = counting({ kind: 'found', addresses: both })
  for (const name of ['constructor', '__proto__', 'toString']) await front.lookup(name, any)
  assert.deepEqual(asked, ['constructor', '__proto__', 'toString'])
})
