/**
 * Logs numbered lines through a Shipper in its own thread, and ends as it is told. Its one argument is a
 * `LocalPlan` as JSON.
 */
import process from 'node:process'
import pino from 'pino'
import type { ShipperOptions } from '../../../../src/index.ts'
import { createShipper } from '../../../../src/index.ts'

export interface LocalPlan {
  readonly options: ShipperOptions
  readonly lines: number
  /** `natural`: nothing is left to do. */
  readonly end: 'natural' | 'exit' | 'throw' | 'exit-when-in-flight'
}

const { options, lines, end } = JSON.parse(process.argv[2] ?? '') as LocalPlan
const shipper = createShipper(options)
const logger = pino(shipper.stream)
for (let seq = 0; seq < lines; seq++) logger.info({ seq }, 'hello')

if (end === 'exit') process.exit(0)
if (end === 'throw') throw new Error('the application is broken')
if (end === 'exit-when-in-flight') {
  while (shipper.stats().requests.inFlight === 0) await new Promise(setImmediate)
  process.exit(0)
}
