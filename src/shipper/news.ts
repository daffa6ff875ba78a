import type { Ledger } from '../core/ledger.ts'
import { imbalance } from '../core/ledger.ts'
import type { SelfLog } from '../core/self-log-event.ts'
import type { ResolvedOptions } from '../options/index.ts'
import type { Drops } from '../queue/index.ts'

type Log = SelfLog & { incidents(): readonly { readonly code: string }[] }

/** What happens to lines outside of the courier's exchanges, as events. */
export class News {
  readonly #selfLog: Log
  #wrapped = 0

  constructor(selfLog: Log) {
    this.#selfLog = selfLog
  }

  started({ nodes, index, ignored, memory }: ResolvedOptions): void {
    const room = `${Math.round(memory.maxBytes / 1024)} KiB of memory for unsent lines`
    const detail = `${nodes.join(', ')}, index ${index}, ${room}`
    this.#selfLog.emit({ code: 'transport.started', fate: 'none', detail })
    if (ignored.length === 0) return
    this.#selfLog.emit({ code: 'options.ignored', fate: 'none', detail: ignored.join(', ') })
  }

  /** Without the client nothing is sent; lines are held until memory is full. */
  clientMissing(error: unknown, items: number): void {
    const message = error instanceof Error ? error.message : String(error)
    this.#selfLog.emit({
      code: 'target.refused',
      fate: 'held_memory',
      items,
      failure: { code: 'module_not_loaded', phase: 'connect', message },
    })
  }

  dropped(drops: readonly Drops[], memoryBytes: number): void {
    for (const { ambiguous, ...sums } of drops) {
      if (sums.reason === 'memory_full') {
        this.#selfLog.emit({ code: 'memory.full', fate: 'none', bytes: memoryBytes })
      }
      const cause = this.#cause()
      this.#selfLog.emit({
        ...sums,
        code: 'items.dropped',
        fate: 'dropped',
        ...(sums.reason === 'shutdown_deadline' && { kind: 'final' }),
        ...(ambiguous > 0 && { ambiguous }),
        ...(cause !== undefined && { cause }),
      })
    }
  }

  memoryHasRoom(): void {
    if (!this.#selfLog.isOpen('memory.full')) return
    this.#selfLog.emit({ code: 'memory.drained', fate: 'none' })
  }

  /** A line that is not JSON. The first is announced with its beginning, the others as a sum at the end. */
  wrapped(head: string): void {
    this.#wrapped++
    if (this.#wrapped > 1) return
    this.#selfLog.emit({ code: 'lines.wrapped', fate: 'none', items: 1, detail: head })
  }

  /** The end of the transport, with `left` lines that had to be given up. */
  ended(left: number, totals: Ledger): void {
    const cause = this.#cause()
    if (left > 0) {
      this.#selfLog.emit({
        code: 'shutdown.incomplete',
        fate: 'none',
        items: left,
        ...(cause !== undefined && { cause, detail: `${cause} was still open` }),
      })
    }
    if (this.#wrapped > 1) {
      this.#selfLog.emit({ code: 'lines.wrapped', fate: 'none', items: this.#wrapped - 1 })
    }
    this.audit(totals)
    this.#selfLog.emit({ code: 'stats.audit', fate: 'none', items: totals.accepted })
  }

  /** Says so, should the books not balance. */
  audit(totals: Ledger): void {
    const by = imbalance(totals)
    if (by === 0) return
    this.#selfLog.emit({
      code: 'ledger.unbalanced',
      fate: 'none',
      items: Math.abs(by),
      detail: `${by} lines more were accepted than have a fate or wait for one`,
    })
  }

  /** The trouble behind a full memory or a missed deadline. */
  #cause(): string | undefined {
    const open = this.#selfLog.incidents().map((incident) => incident.code)
    return open.find((code) => code !== 'memory.full')
  }
}
