import type { Ledger } from '../../../src/core/ledger.ts'
import { LedgerBook } from '../../../src/core/ledger.ts'
import type { EventCode, EventInput, SelfLogEvent } from '../../../src/core/self-log-event.ts'
import type { SelfLogOptions } from '../../../src/selflog/index.ts'
import { LoudSelfLog } from '../../../src/selflog/index.ts'
import type { ManualClock } from '../../helpers/manual-clock.ts'
import { BlockableClock, ScriptedDisk } from './scripted-disk.ts'

export interface SelfLogFixture {
  readonly selfLog: LoudSelfLog
  readonly clock: ManualClock
  readonly disk: ScriptedDisk
  /** What the application has heard. */
  readonly events: SelfLogEvent[]
  /** The codes of it. */
  readonly codes: () => readonly EventCode[]
  /** What stands on standard error. */
  readonly shown: () => readonly SelfLogEvent[]
  /** The ledger that events carry; to be changed by the test. */
  totals: Ledger
}

/** A self-log under manual time, on a disk of the test; `options` replace what they name. */
export function openSelfLog(options: Partial<SelfLogOptions> = {}): SelfLogFixture {
  const disk = new ScriptedDisk()
  const clock = new BlockableClock(disk)
  const events: SelfLogEvent[] = []
  const fixture: SelfLogFixture = {
    selfLog: new LoudSelfLog(
      {
        stderr: true,
        maxBytes: 65_536,
        minSeverity: 'warn',
        repeatMs: 10_000,
        ...options,
      },
      {
        clock,
        disk,
        totals: () => fixture.totals,
        publish: (event) => {
          events.push(event)
        },
      },
    ),
    clock,
    disk,
    events,
    codes: () => events.map(({ code }) => code),
    shown: () => disk.linesOn(2).map((line) => JSON.parse(line) as SelfLogEvent),
    totals: new LedgerBook().read({ pending: 0, spooled: 0 }),
  }
  return fixture
}

/** A failed request: connection refused. */
export function failed(facts: Partial<EventInput> = {}): EventInput {
  return {
    code: 'bulk.failed',
    fate: 'held_memory',
    items: 10,
    bytes: 1_000,
    index: 'logs-test',
    endpoint: { origin: 'http://es:9200', socketReused: false },
    failure: { code: 'ECONNREFUSED', phase: 'connect', message: 'connect ECONNREFUSED' },
    ...facts,
  }
}

export function recovered(facts: Partial<EventInput> = {}): EventInput {
  return { code: 'bulk.recovered', fate: 'none', ...facts }
}

export function dropped(facts: Partial<EventInput> = {}): EventInput {
  return {
    code: 'items.dropped',
    fate: 'dropped',
    reason: 'memory_full',
    items: 1,
    bytes: 100,
    levels: { info: 1 },
    ...facts,
  }
}
