import type { EventEmitter } from 'node:events'

/** `emitter.emit(name, argument)`, but a listener that throws keeps nothing from the others: its fault becomes a warning. */
export function tellListeners(emitter: EventEmitter, name: string, argument: unknown): void {
  for (const listener of emitter.rawListeners(name)) {
    try {
      Reflect.apply(listener, emitter, [argument])
    } catch (error) {
      process.emitWarning(error instanceof Error ? error : String(error))
    }
  }
}
