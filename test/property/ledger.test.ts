import { it } from 'node:test'
import fc from 'fast-check'
import type { Fault } from '../helpers/model-server.ts'
import type { LineKind, WorldPlan } from '../helpers/virtual-world.ts'
import { VirtualWorld } from '../helpers/virtual-world.ts'

const fault: fc.Arbitrary<Fault> = fc.record({
  kind: fc.constantFrom<Fault['kind']>(
    'no_connection',
    'hang',
    'store_and_hang',
    'store_and_break',
    'unavailable',
    'too_many',
    'unauthorized',
    'not_found',
    'items_rejected',
    'index_missing',
  ),
  atMs: fc.integer({ min: 0, max: 50_000 }),
  forMs: fc.integer({ min: 100, max: 10_000 }),
  p: fc.constantFrom(0.1, 0.5, 1),
})

const good: LineKind = 'good'
const line = fc.oneof(
  { weight: 20, arbitrary: fc.constant(good) },
  {
    weight: 2,
    arbitrary: fc.constantFrom<LineKind>('wide', 'poison', 'misfit', 'malformed', 'beyond_repair'),
  },
)

const plan: fc.Arbitrary<WorldPlan> = fc.record({
  seed: fc.nat(),
  faults: fc.array(fault, { maxLength: 6, size: 'max' }),
  lines: fc.array(line, { minLength: 1, maxLength: 200, size: 'max' }),
  maxBytes: fc.constantFrom(1_000_000, 1_000_000, 10_000),
  maxBodyBytes: fc.constantFrom(1_000_000, 10_000, 2000),
  flushItems: fc.constantFrom(5000, 20, 3),
})

/** A failing plan is made smaller for so long, and printed with what went wrong. */
const report = { includeErrorInReport: true, interruptAfterTimeLimit: 20_000 }

it('whatever goes wrong for a minute, every line is stored once, or given up with its reason', async () => {
  await fc.assert(
    fc.asyncProperty(plan, async (one) => {
      const world = new VirtualWorld(one)
      await world.suffer()
      await world.recover()
    }),
    { ...report, numRuns: 200 },
  )
})

it('an end in the midst of it leaves no line without a fate, and none in doubt unsaid', async () => {
  await fc.assert(
    fc.asyncProperty(plan, async (one) => {
      const world = new VirtualWorld(one)
      await world.suffer()
      await world.end()
    }),
    { ...report, numRuns: 100 },
  )
})
