/**
 * Runs in the client's namespace. Looks names up and prints one line of JSON, a `LookUps`:
 *
 *     node --import tsx test/lab/look-up.ts names libc 200 w.lab.test
 *     node --import tsx test/lab/look-up.ts lasting ours 14000 es.lab.test
 *
 * `names`: so many names below the one given, each for the first time, one after the other. `lasting`: one name
 * again and again for so many ms, 10 ms apart; once it has resolved, `ready` is printed first.
 */
import type { LookupAddress } from 'node:dns'
import { promises as dns } from 'node:dns'
import type { LookupFunction } from 'node:net'
import process from 'node:process'
import { setTimeout as wait } from 'node:timers/promises'
import type { LookUps } from './ways.ts'

type LookUp = (name: string) => Promise<readonly LookupAddress[]>

/** The part of `pino-loudsink/dns` that is used here; it is loaded from the built package. */
interface OurModule {
  createLookup(): LookupFunction & { close(): void }
}

async function lookUpBy(chosen: string): Promise<LookUp> {
  switch (chosen) {
    case 'libc':
      return (asked) => dns.lookup(asked, { all: true })
    case 'cacheable-lookup': {
      const { default: CacheableLookup } = await import('cacheable-lookup')
      const cacheable = new CacheableLookup()
      return async (asked) =>
        (await cacheable.lookupAsync(asked, { all: true })) as readonly LookupAddress[]
    }
    case 'ours': {
      const path: string = 'pino-loudsink/dns'
      const { createLookup } = (await import(path)) as OurModule
      const lookup = createLookup()
      return (asked) =>
        new Promise((resolve, reject) => {
          lookup(asked, { all: true }, (error, found) => {
            if (error) reject(error)
            else resolve(found as LookupAddress[])
          })
        })
    }
    default:
      throw new TypeError(`not a way: ${chosen}`)
  }
}

const [, , kind, way = '', count, name = ''] = process.argv
const lookUp = await lookUpBy(way)
const ms: number[] = []
const failed: string[] = []
let addresses: readonly string[] = []

async function measure(asked: string): Promise<void> {
  const startedAt = performance.now()
  try {
    addresses = (await lookUp(asked)).map(({ address }) => address)
  } catch (error) {
    failed.push(error instanceof Error && 'code' in error ? String(error.code) : String(error))
  }
  ms.push(performance.now() - startedAt)
}

if (kind === 'names') {
  for (let i = 0; i < Number(count); i++) await measure(`n${i}.${name}`)
} else {
  await lookUp(name)
  process.stdout.write('ready\n')
  const end = performance.now() + Number(count)
  while (performance.now() < end) {
    await measure(name)
    await wait(10)
  }
}

const { header } = process.report.getReport() as { header?: { glibcVersionRuntime?: string } }
const result: LookUps = { glibc: header?.glibcVersionRuntime, ms, failed, addresses }
process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit())
