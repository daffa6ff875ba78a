import type { Json } from '../core/json.ts'
import type { Check } from './check.ts'
import { wrong } from './check.ts'
import type { OptionFault } from './option-fault.ts'
import { itemsOf, propertiesOf } from './plain-data.ts'
import { kindOf, showCount, showName } from './show-value.ts'

/** They go out with every document. */
const maxJsonBytes = 65_536
/** Elasticsearch's default for `index.mapping.depth.limit`. */
const maxDepth = 20

/** Copies a value as JSON. It stops when that must have grown too large, so that no graph can keep it busy. */
class JsonCopy {
  readonly faults: OptionFault[] = []
  /** A lower bound of the bytes so far. */
  #leastBytes = 0
  readonly #above: object[] = []

  get isTooLarge(): boolean {
    return this.#leastBytes > maxJsonBytes
  }

  copy(value: unknown, path: string): Json {
    this.#leastBytes += typeof value === 'string' ? value.length + 2 : 1
    if (this.isTooLarge || value === null) return null
    if (typeof value === 'string' || typeof value === 'boolean') return value
    if (typeof value === 'number' && Number.isFinite(value)) return value
    return typeof value === 'object' ? this.#nested(value, path) : this.#refuse(value, path)
  }

  #refuse(value: unknown, path: string): null {
    const got = typeof value === 'number' ? String(value) : kindOf(value)
    this.faults.push(...wrong(path, 'what JSON can say', got).faults)
    return null
  }

  #nested(value: object, path: string): Json {
    if (this.#above.includes(value)) {
      this.faults.push(...wrong(path, 'no cycle', 'an object within itself').faults)
      return null
    }
    if (this.#above.length >= maxDepth) {
      this.faults.push(...wrong(path, `at most ${maxDepth} levels`, 'more').faults)
      return null
    }
    this.#above.push(value)
    const copied = this.#items(value, path) ?? this.#properties(value, path)
    this.#above.pop()
    return copied === undefined ? this.#refuse(value, path) : copied
  }

  #items(value: object, path: string): Json | undefined {
    return itemsOf(value)?.map((item, i) => this.copy(item, `${path}[${i}]`))
  }

  #properties(value: object, path: string): Json | undefined {
    const properties = propertiesOf(value)
    if (properties === undefined) return undefined
    const copied: [string, Json][] = []
    for (const [name, member] of properties) {
      if (this.isTooLarge) break
      const at = `${path}.${showName(name)}`
      this.#leastBytes += name.length + 3
      // Elasticsearch refuses such names, and with them every document.
      if (name.split('.').some((part) => part.trim() === '')) {
        this.faults.push(...wrong(at, 'names without empty parts between dots', 'one').faults)
      }
      copied.push([name, this.copy(member, at)])
    }
    return Object.fromEntries(copied)
  }
}

/** An object that JSON can say: a copy of its own, at most 65,536 bytes. Values are never shown. */
export const checkFields: Check<Readonly<Record<string, Json>>> = (value, path) => {
  const properties = propertiesOf(value)
  if (properties === undefined) return wrong(path, 'an object', kindOf(value))
  const walk = new JsonCopy()
  const copy = walk.copy(value, path)
  const isTooLarge = walk.isTooLarge || Buffer.byteLength(JSON.stringify(copy)) > maxJsonBytes
  const ofContent = isTooLarge
    ? wrong(path, `at most ${showCount(maxJsonBytes)} bytes of JSON`, 'more').faults
    : walk.faults
  const ofTime = properties.has('@timestamp')
    ? wrong(`${path}.@timestamp`, 'no such field: each line has its own time', 'one').faults
    : []
  return { value: copy as Readonly<Record<string, Json>>, faults: [...ofContent, ...ofTime] }
}
