import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { NameState } from '../../../src/dns/name-state.ts'
import { answerFrom, applyResolution, isDue, nextRefreshMs } from '../../../src/dns/name-state.ts'
import type { Resolution } from '../../../src/dns/resolution.ts'

const limits = { minTtlMs: 1_000, maxTtlMs: 60_000, staleMs: 86_400_000 }
const hour = 3_600_000
const found = (ttlMs: number): Resolution => ({
  kind: 'found',
  addresses: [{ address: '10.0.0.1', family: 4 }],
  ttlMs,
})
const failed: Resolution = {
  kind: 'failed',
  code: 'ETIMEOUT',
  message: 'silent',
  syscall: 'queryA',
}
const missing = (ttlMs?: number): Resolution => ({
  kind: 'missing',
  ttlMs,
  code: 'ENOTFOUND',
  message: 'none',
  syscall: 'queryA',
})
const noJitter = () => 0
const after = (state: NameState, resolution: Resolution, nowMs: number): NameState =>
  applyResolution(state, resolution, nowMs, limits, noJitter)
const kindAt = (state: NameState, nowMs: number): string => answerFrom(state, nowMs, limits).kind

for (const [ttlMs, keptMs] of [
  [0, 1_000],
  [5_000, 5_000],
  [hour, 60_000],
] as const) {
  it(`a TTL of ${ttlMs} ms is kept for ${keptMs} ms, and asked for again at 80 %`, () => {
    const state = after({}, found(ttlMs), 0)
    assert.equal(kindAt(state, keptMs - 1), 'fresh')
    assert.equal(kindAt(state, keptMs), 'stale')
    assert.equal(nextRefreshMs(state), 0.8 * keptMs)
    assert.deepEqual([isDue(state, 0.8 * keptMs - 1), isDue(state, 0.8 * keptMs)], [false, true])
  })
}

it('stale addresses are given for a day', () => {
  const state = after({}, found(1_000), 0)
  assert.equal(kindAt(state, 24 * hour), 'stale')
  assert.equal(kindAt(state, 24 * hour + 1_000), 'unknown')
})

it('old addresses are worth a wait, unless the servers are known to be silent', () => {
  const state = after({}, found(1_000), 0)
  const old = (of: NameState, nowMs: number) => {
    const answer = answerFrom(of, nowMs, limits)
    return answer.kind === 'stale' && answer.old
  }
  assert.deepEqual([old(state, 30_999), old(state, 31_000)], [false, true])
  assert.equal(old(after(state, failed, 40_000), 41_000), false)
})

it('while there are addresses, pauses double from 1 s to 16 s', () => {
  let state = after({}, found(1_000), 0)
  const pauses: number[] = []
  for (let i = 0; i < 7; i++) {
    state = after(state, failed, 10_000)
    pauses.push((nextRefreshMs(state) ?? 0) - 10_000)
  }
  assert.deepEqual(pauses, [1_000, 2_000, 4_000, 8_000, 16_000, 16_000, 16_000])
  assert.equal(kindAt(state, 20_000), 'stale')
})

it('without an address a name is asked again after 5 s at most', () => {
  let state: NameState = {}
  const pauses: number[] = []
  for (let i = 0; i < 5; i++) {
    state = after(state, failed, 0)
    pauses.push(state.trouble?.againAtMs ?? 0)
  }
  assert.deepEqual(pauses, [1_000, 2_000, 4_000, 5_000, 5_000])
  assert.deepEqual([kindAt(state, 4_999), kindAt(state, 5_000)], ['failed', 'unknown'])
})

it('that there is no such name is believed for 2 s at most, and for what the server says', () => {
  assert.equal(after({}, missing(hour), 0).trouble?.againAtMs, 2_000)
  assert.equal(after({}, missing(), 0).trouble?.againAtMs, 2_000)
  assert.equal(after({}, missing(1_500), 0).trouble?.againAtMs, 1_500)
  assert.equal(after({}, missing(0), 0).trouble?.againAtMs, 1_000)
})

it('a name that had addresses and now does not exist keeps them for 5 min', () => {
  let state = after({}, found(1_000), 0)
  state = after(state, missing(), 10_000)
  state = after(state, failed, 20_000)
  state = after(state, missing(), 200_000)
  assert.equal(kindAt(state, 309_999), 'stale')
  assert.notEqual(kindAt(state, 310_000), 'stale')
  state = after(state, missing(), 310_000)
  assert.equal(state.known, undefined)
  assert.equal(kindAt(state, 310_001), 'failed')
})

it('an address that is found ends all trouble', () => {
  const state = after(after(after({}, found(1_000), 0), failed, 5_000), found(1_000), 9_000)
  assert.equal(state.trouble, undefined)
  assert.equal(kindAt(state, 9_001), 'fresh')
})
