/** Remembers so many things, and forgets what was not used for longest. */
export class BoundedMap<K, V> {
  readonly #most: number
  readonly #forget: (value: V) => void
  readonly #map = new Map<K, V>()

  /** `forget` is told each value that had to go, or was deleted. */
  constructor(most: number, forget: (value: V) => void = () => undefined) {
    this.#most = most
    this.#forget = forget
  }

  get size(): number {
    return this.#map.size
  }

  /** Gives the value, and counts that as use. */
  get(key: K): V | undefined {
    const value = this.#map.get(key)
    if (value === undefined) return undefined
    this.#map.delete(key)
    this.#map.set(key, value)
    return value
  }

  /** Gives the value without using it. */
  peek(key: K): V | undefined {
    return this.#map.get(key)
  }

  set(key: K, value: V): void {
    this.#map.delete(key)
    this.#map.set(key, value)
    if (this.#map.size <= this.#most) return
    const [oldest] = this.#map.keys()
    if (oldest !== undefined) this.delete(oldest)
  }

  delete(key: K): void {
    const value = this.#map.get(key)
    if (value === undefined) return
    this.#map.delete(key)
    this.#forget(value)
  }

  /** All values, the one that was not used for longest first. */
  values(): readonly V[] {
    return [...this.#map.values()]
  }
}
