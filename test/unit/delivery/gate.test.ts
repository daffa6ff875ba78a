import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Gate } from '../../../src/delivery/gate.ts'

const go = { kind: 'go' }
const probe = { kind: 'probe' }
const wait = (untilMs: number) => ({ kind: 'wait', untilMs })
const never = wait(Number.POSITIVE_INFINITY)

/** A gate after five broken exchanges at the time 0. */
function opened(): Gate {
  const gate = new Gate()
  for (let i = 0; i < 5; i++) gate.note('ill', 0, false)
  return gate
}

/** Lets the probe that is due at `now` go, and fail. */
function failProbe(gate: Gate, now: number): void {
  assert.deepEqual(gate.permit(now), probe)
  gate.probeStarted()
  gate.note('ill', now, true)
}

describe('the gate as a breaker', () => {
  it('lets everything pass until five exchanges in a row have failed', () => {
    const gate = new Gate()
    for (let i = 0; i < 4; i++) gate.note('ill', 0, false)
    assert.deepEqual([gate.state, gate.permit(0)], ['closed', go])
    gate.note('well', 0, false)
    for (let i = 0; i < 4; i++) gate.note('ill', 0, false)
    assert.deepEqual([gate.state, gate.permit(0)], ['closed', go])
    gate.note('ill', 0, false)
    assert.deepEqual([gate.state, gate.mode, gate.permit(0)], ['open', 'broken', wait(1000)])
  })

  it('probes after 1 s, doubling to 10 s', () => {
    const gate = opened()
    let now = 0
    const delays = Array.from({ length: 7 }, () => {
      const permission = gate.permit(now)
      assert.ok(permission.kind === 'wait')
      const delayMs = permission.untilMs - now
      now = permission.untilMs
      failProbe(gate, now)
      return delayMs
    })
    assert.deepEqual(delays, [1000, 2000, 4000, 8000, 10_000, 10_000, 10_000])
  })

  it('lets one probe out at a time', () => {
    const gate = opened()
    assert.deepEqual(gate.permit(1000), probe)
    gate.probeStarted()
    assert.deepEqual([gate.state, gate.permit(60_000)], ['half_open', never])
    assert.equal(gate.nextTryMs(60_000), undefined)
  })

  it('offers the probe again when there was nothing to probe with', () => {
    const gate = opened()
    assert.deepEqual(gate.permit(1000), probe)
    assert.deepEqual(gate.permit(1001), probe)
    assert.equal(gate.state, 'open')
  })

  it('closes at any sign of life, with the delays as at first', () => {
    const gate = opened()
    failProbe(gate, 1000)
    assert.deepEqual(gate.permit(3000), probe)
    gate.probeStarted()
    gate.note('well', 3000, true)
    assert.deepEqual([gate.state, gate.permit(3000)], ['closed', go])
    for (let i = 0; i < 5; i++) gate.note('ill', 4000, false)
    assert.deepEqual(gate.permit(4000), wait(5000))
  })

  it('closes for an answer to a request that went out before', () => {
    const gate = opened()
    gate.note('well', 500, false)
    assert.deepEqual([gate.mode, gate.permit(500)], ['normal', go])
  })

  it('takes no note of more failures of requests that went out before', () => {
    const gate = opened()
    gate.note('ill', 900, false)
    assert.deepEqual(gate.permit(900), wait(1000))
  })

  it('is not slower next time for a probe that failed after another request had passed', () => {
    const gate = opened()
    gate.permit(1000)
    gate.probeStarted()
    gate.note('well', 1100, false)
    gate.note('ill', 1200, true)
    for (let i = 0; i < 4; i++) gate.note('ill', 2000, false)
    assert.deepEqual(gate.permit(2000), wait(3000))
  })
})

for (const health of ['access', 'target'] as const) {
  describe(`the gate, held for ${health}`, () => {
    it('holds at once, and probes every 10 s', () => {
      const gate = new Gate()
      gate.note(health, 0, false)
      assert.deepEqual([gate.mode, gate.state, gate.permit(0)], [health, 'open', wait(10_000)])
      for (const now of [10_000, 20_000, 30_000]) {
        assert.deepEqual(gate.permit(now), probe)
        gate.probeStarted()
        gate.note(health, now, true)
        assert.deepEqual(gate.permit(now), wait(now + 10_000))
      }
    })

    it('stays held when the probe finds the server broken', () => {
      const gate = new Gate()
      gate.note(health, 0, false)
      failProbe(gate, 10_000)
      assert.deepEqual([gate.mode, gate.permit(10_000)], [health, wait(20_000)])
    })

    it('lets all go when the probe passes', () => {
      const gate = new Gate()
      gate.note(health, 0, false)
      gate.permit(10_000)
      gate.probeStarted()
      gate.note('well', 10_010, true)
      assert.deepEqual([gate.mode, gate.permit(10_010)], ['normal', go])
    })
  })
}

describe('the gate and Retry-After', () => {
  it('waits as long as the server asked, then goes on', () => {
    const gate = new Gate()
    gate.pause(1000, 30_000)
    assert.deepEqual(gate.permit(1000), wait(31_000))
    assert.equal(gate.nextTryMs(1000), 30_000)
    assert.deepEqual(gate.permit(31_000), go)
  })

  it('takes the later of two times', () => {
    const gate = new Gate()
    gate.pause(0, 30_000)
    gate.pause(10, 1000)
    assert.deepEqual(gate.permit(20), wait(30_000))
  })

  it('keeps probes back too', () => {
    const gate = opened()
    gate.pause(0, 5000)
    assert.deepEqual(gate.permit(1000), wait(5000))
    assert.deepEqual(gate.permit(5000), probe)
  })
})

describe('the gate in a hurry', () => {
  it('probes at once', () => {
    for (const health of ['access', 'target'] as const) {
      const gate = new Gate()
      gate.note(health, 0, false)
      gate.hurry(100)
      assert.deepEqual(gate.permit(100), probe)
    }
  })

  it('forgets Retry-After, and begins with short delays again', () => {
    const gate = opened()
    failProbe(gate, 1000)
    failProbe(gate, 3000)
    gate.pause(3000, 60_000)
    gate.hurry(3500)
    failProbe(gate, 3500)
    assert.deepEqual(gate.permit(3500), wait(5500))
  })

  it('changes nothing while all is well', () => {
    const gate = new Gate()
    gate.hurry(0)
    assert.deepEqual([gate.permit(0), gate.nextTryMs(0)], [go, 0])
  })
})
