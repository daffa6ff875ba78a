import type { EventCode, EventInput, SelfLog } from '../../src/core/self-log-event.ts'
import { eventTable, openersOf } from '../../src/selflog/event-table.ts'

/** Keeps every event, and which troubles are open, as the real one does. */
export class CollectingSelfLog implements SelfLog {
  readonly events: EventInput[] = []
  readonly #open = new Set<string>()

  /** The codes so far, in order. */
  get codes(): readonly EventCode[] {
    return this.events.map(({ code }) => code)
  }

  /** Troubles that are open; a held index with its name. */
  get open(): readonly string[] {
    return [...this.#open]
  }

  emit(event: EventInput): void {
    this.events.push(event)
    const [opener] = openersOf(event.code)
    if (opener !== undefined) this.#open.delete(keyOf(opener, event.index))
    if (eventTable[event.code].closedBy !== undefined) {
      this.#open.add(keyOf(event.code, event.index))
    }
  }

  isOpen(code: EventCode, index?: string): boolean {
    return this.#open.has(keyOf(code, index))
  }

  of(code: EventCode): readonly EventInput[] {
    return this.events.filter((event) => event.code === code)
  }
}

function keyOf(code: EventCode, index: string | undefined): string {
  return code === 'index.held' ? `${code} ${index ?? ''}` : code
}
