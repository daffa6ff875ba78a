/**
 * Which keys the open objects have so far: one table for all of them, with a log to restore what an inner object
 * hid. So a line of a million small objects costs no million of maps.
 */
export class KeyScopes {
  readonly #ids = new Map<string, number>()
  /** By key id: the innermost open object with that key, and the member that holds it there. */
  readonly #owners: number[] = []
  readonly #members: number[] = []
  /** Key id, owner and member before the change, in threes. */
  readonly #log: number[] = []

  /** Hand it to `close` at the end of the object that opens now. */
  mark(): number {
    return this.#log.length
  }

  /** Notes that `member` of `object` (both any numbers) has the key; gives the member that had it before, or -1. */
  put(key: string, object: number, member: number): number {
    const id = this.#ids.get(key)
    if (id === undefined) {
      this.#change(this.#ids.size, -1, -1, object, member)
      this.#ids.set(key, this.#ids.size)
      return -1
    }
    const owner = this.#owners[id] ?? -1
    const before = this.#members[id] ?? -1
    if (owner === object) {
      this.#members[id] = member
      return before
    }
    this.#change(id, owner, before, object, member)
    return -1
  }

  close(mark: number): void {
    while (this.#log.length > mark) {
      const member = this.#log.pop() ?? -1
      const owner = this.#log.pop() ?? -1
      const id = this.#log.pop() ?? 0
      this.#owners[id] = owner
      this.#members[id] = member
    }
  }

  #change(id: number, owner: number, before: number, object: number, member: number): void {
    this.#log.push(id, owner, before)
    this.#owners[id] = object
    this.#members[id] = member
  }
}
