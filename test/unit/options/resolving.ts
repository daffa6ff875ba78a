import assert from 'node:assert/strict'
import type { Environment, OptionFault, ResolvedOptions } from '../../../src/options/index.ts'
import { describeFaults, resolveOptions } from '../../../src/options/index.ts'

/** The options that come of `input`; fails where there are faults. */
export function resolved(input: unknown, env: Environment = {}): ResolvedOptions {
  const resolution = resolveOptions(input, env, { backpressure: false })
  if (!resolution.ok) assert.fail(describeFaults(resolution.faults))
  return resolution.options
}

/** The faults of `input`; empty where there are none. */
export function faultsOf(input: unknown, env: Environment = {}): readonly OptionFault[] {
  const resolution = resolveOptions(input, env, { backpressure: false })
  return resolution.ok ? [] : resolution.faults
}

/** The only fault of `input`. */
export function faultOf(input: unknown, env: Environment = {}): OptionFault {
  const faults = faultsOf(input, env)
  const [fault] = faults
  assert.ok(fault !== undefined && faults.length === 1, `not one fault: ${describeFaults(faults)}`)
  return fault
}

/** Where the faults of `input` are. */
export function pathsOf(input: unknown, env: Environment = {}): readonly string[] {
  return faultsOf(input, env).map(({ path }) => path)
}
