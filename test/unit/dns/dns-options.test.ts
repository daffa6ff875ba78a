import assert from 'node:assert/strict'
import { it } from 'node:test'
import { resolveDnsOptions } from '../../../src/dns/dns-options.ts'

it('the defaults are those of the design', () => {
  assert.deepEqual(resolveDnsOptions({}), {
    ipv6: 'fallback',
    triesMs: [200, 400, 800, 1600],
    staleMs: 86_400_000,
    minTtlMs: 1_000,
    maxTtlMs: 60_000,
  })
})

it('all faults are named at once', () => {
  const options = {
    servers: ['dns.lab'],
    ipv6: 'yes',
    triesMs: [0],
    staleMs: -1,
    minTtlMs: 5,
    maxTtlMs: 4,
    tries: 3,
  }
  const isTold = (error: Error) =>
    error instanceof TypeError &&
    ['servers: ', 'ipv6: ', 'triesMs: ', 'staleMs: ', 'minTtlMs: ', 'unknown name tries'].every(
      (part) => error.message.includes(part),
    )
  assert.throws(() => Reflect.apply(resolveDnsOptions, undefined, [options]), isTold)
})
