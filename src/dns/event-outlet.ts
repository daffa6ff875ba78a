import type { DnsEvent } from './dns-event.ts'

/** Hands events to listeners, in the order in which they happened. */
export class EventOutlet {
  readonly #listeners = new Set<(event: DnsEvent) => void>()
  readonly #waiting: { readonly event: () => DnsEvent; ready: boolean }[] = []

  /** Adds a listener; gives the way out. */
  add(listener: (event: DnsEvent) => void): () => void {
    const own = (event: DnsEvent): void => listener(event)
    this.#listeners.add(own)
    return () => {
      this.#listeners.delete(own)
    }
  }

  /** Tells `event()`, once `evidence` has come: before that it would not be complete. Later events wait behind it. */
  tell(event: () => DnsEvent, evidence: Promise<void> | undefined): void {
    const entry = { event, ready: evidence === undefined }
    this.#waiting.push(entry)
    const go = (): void => {
      entry.ready = true
      this.#pump()
    }
    if (evidence === undefined) this.#pump()
    else evidence.then(go, go)
  }

  #pump(): void {
    for (let next = this.#waiting[0]; next?.ready === true; next = this.#waiting[0]) {
      this.#waiting.shift()
      const event = next.event()
      for (const listener of this.#listeners) tellOne(listener, event)
    }
  }
}

/** A listener that throws keeps nothing from the others: its fault becomes a warning. */
function tellOne(listener: (event: DnsEvent) => void, event: DnsEvent): void {
  try {
    listener(event)
  } catch (error) {
    process.emitWarning(error instanceof Error ? error : String(error))
  }
}
