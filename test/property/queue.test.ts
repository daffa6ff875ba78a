import { it } from 'node:test'
import fc from 'fast-check'
import type { Outcome, QueueStep } from '../helpers/queue-model.ts'
import { QueueModel } from '../helpers/queue-model.ts'

const index = fc.constantFrom('a', 'bb', 'ccc')
const ms = fc.constantFrom(0, 1, 100, 999, 1000, 5000)
const outcome = fc.constantFrom<Outcome>('settled', 'settled', 'again', 'repair', 'trial')

const add = fc.record({
  do: fc.constant('add' as const),
  index,
  fill: fc.oneof(fc.nat({ max: 30 }), fc.nat({ max: 300 })),
})
const step: fc.Arbitrary<QueueStep> = fc.oneof(
  { weight: 8, arbitrary: add },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('lease' as const),
      smallest: fc.boolean(),
      idle: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('giveBack' as const),
      which: fc.nat({ max: 5 }),
      outcomes: fc.array(outcome, { minLength: 1, maxLength: 6 }),
      afterMs: ms,
      left: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('pass' as const), ms }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('hold' as const), index, forMs: ms }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('release' as const), index }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom('seal', 'hurry', 'tooLong') }),
  },
)

const limits = fc.record({
  maxBytes: fc.oneof(fc.integer({ min: 150, max: 3000 }), fc.constant(100_000)),
  flushBytes: fc.integer({ min: 100, max: 1000 }),
  flushItems: fc.integer({ min: 1, max: 8 }),
  whenFull: fc.constantFrom('drop_oldest', 'drop_oldest', 'drop_newest', 'backpressure'),
})

it('a queue owns every line once, within its bounds, until it has a fate', async () => {
  await fc.assert(
    fc.asyncProperty(
      limits,
      fc.array(step, { maxLength: 200, size: 'max' }),
      async (options, steps) => {
        const model = new QueueModel(options)
        for (const one of steps) await model.run(one)
        await model.drain()
      },
    ),
    { numRuns: 500, includeErrorInReport: true, interruptAfterTimeLimit: 20_000 },
  )
})
