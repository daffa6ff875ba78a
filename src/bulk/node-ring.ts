import type { Clock } from '../core/platform.ts'

const coolMs = 10_000

/** Whose turn it is: round robin over the nodes that are not cooling. Nodes are numbered from 0. */
export class NodeRing {
  readonly #clock: Clock
  /** When each node failed last; undefined once it has worked again. */
  readonly #failedAt: (number | undefined)[]
  #last = -1

  constructor(count: number, clock: Clock) {
    this.#clock = clock
    this.#failedAt = new Array<number | undefined>(count).fill(undefined)
  }

  /** The next node; when all are cooling, the one that has been for longest. */
  next(): number {
    const node = this.nextFresh(new Set()) ?? this.#longestCooling()
    this.#last = node
    return node
  }

  /** The next node that neither cools nor is in `tried`. */
  nextFresh(tried: ReadonlySet<number>): number | undefined {
    const count = this.#failedAt.length
    for (let step = 1; step <= count; step++) {
      const node = (this.#last + step) % count
      if (!tried.has(node) && !this.#isCooling(node)) return node
    }
    return undefined
  }

  /** Lets the node rest for 10 s. */
  cool(node: number): void {
    this.#failedAt[node] = this.#clock.now()
  }

  worked(node: number): void {
    this.#failedAt[node] = undefined
  }

  #isCooling(node: number): boolean {
    const failedAt = this.#failedAt[node]
    return failedAt !== undefined && this.#clock.now() - failedAt < coolMs
  }

  #longestCooling(): number {
    let oldest = 0
    for (const [node, failedAt] of this.#failedAt.entries()) {
      if ((failedAt ?? 0) < (this.#failedAt[oldest] ?? 0)) oldest = node
    }
    return oldest
  }
}
