import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Getaddrinfo } from '../../../src/dns/system-gate.ts'
import { askSystem, isSystemBusy } from '../../../src/dns/system-gate.ts'

it('calls wait for each other; one that nobody wants any more never begins', async () => {
  const asked: string[] = []
  const ends: (() => void)[] = []
  const getaddrinfo: Getaddrinfo = (name, _options, callback) => {
    asked.push(name)
    ends.push(() => callback(null, [{ address: '10.0.0.1', family: 4 }]))
  }
  const a = askSystem('a', 0, getaddrinfo)
  const again = askSystem('a', 0, getaddrinfo)
  const b = askSystem('b', 0, getaddrinfo)
  const c = askSystem('c', 0, getaddrinfo)
  b.leave()
  assert.deepEqual(asked, ['a'])
  ends[0]?.()
  assert.equal((await a.answer).kind, 'found')
  assert.equal(await again.answer, await a.answer)
  assert.deepEqual(asked, ['a', 'c'])
  assert.equal(isSystemBusy(), true)
  ends[1]?.()
  await c.answer
  assert.equal(isSystemBusy(), false)
})

it('a name that getaddrinfo refuses to take is a failure', async () => {
  const { answer } = askSystem('x', 0, () => {
    throw new TypeError('no')
  })
  assert.equal((await answer).kind, 'failed')
  assert.equal(isSystemBusy(), false)
})
