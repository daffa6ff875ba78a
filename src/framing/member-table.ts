const width = 4

/** Every member of every object of one JSON text, numbered in the order of their keys. */
export class MemberTable {
  count = 0
  /** A row a member: opening quote, behind its comma, the member around its object or -1, cut or not. */
  #rows = new Int32Array(256 * width)

  /** Gives the number of the new member. */
  add(start: number, parent: number): number {
    const at = this.count * width
    if (at === this.#rows.length) {
      const larger = new Int32Array(at * 2)
      larger.set(this.#rows)
      this.#rows = larger
    }
    this.#rows[at] = start
    this.#rows[at + 1] = -1
    this.#rows[at + 2] = parent
    this.#rows[at + 3] = 0
    return this.count++
  }

  setEnd(member: number, end: number): void {
    this.#rows[member * width + 1] = end
  }

  cut(member: number): void {
    this.#rows[member * width + 3] = 1
  }

  /** The opening quote of the key. */
  start(member: number): number {
    return this.#rows[member * width] ?? 0
  }

  /** Behind the comma that follows the value. */
  end(member: number): number {
    return this.#rows[member * width + 1] ?? 0
  }

  parent(member: number): number {
    return this.#rows[member * width + 2] ?? -1
  }

  isCut(member: number): boolean {
    return this.#rows[member * width + 3] === 1
  }
}
