import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Incident, Sign } from '../../../src/dns/incident.ts'
import { nextStep } from '../../../src/dns/incident.ts'

function told(...signs: readonly Sign[]): readonly (string | undefined)[] {
  let incident: Incident | undefined
  return signs.map((sign, i) => {
    const step = nextStep(incident, sign, i)
    incident = step.incident
    return step.code
  })
}

it('each stage is told once, and the good answer that ends them', () => {
  assert.deepEqual(
    told('slow', 'slow', 'stale', 'slow', 'stale', 'failed', 'stale', 'works', 'works'),
    [
      'dns.slow',
      undefined,
      'dns.stale',
      undefined,
      undefined,
      'dns.failed',
      undefined,
      'dns.recovered',
      undefined,
    ],
  )
})

it('a slow answer opens an incident and keeps it open, but closes a worse one', () => {
  assert.deepEqual(told('works slowly', 'works slowly', 'works'), [
    'dns.slow',
    undefined,
    'dns.recovered',
  ])
  assert.deepEqual(told('failed', 'works slowly', 'works slowly'), [
    'dns.failed',
    'dns.recovered',
    'dns.slow',
  ])
})

it('an incident began with its first stage', () => {
  const { incident } = nextStep({ stage: 'slow', sinceMs: 3 }, 'failed', 9)
  assert.deepEqual(incident, { stage: 'failed', sinceMs: 3 })
})
