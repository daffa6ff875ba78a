import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'

/** What `ip netns exec` mounts over /etc for a namespace lies here, in a folder of its name. */
const netnsFolder = '/etc/netns'

/** Two network namespaces, joined by a cable, with nothing else in them. */
export interface Namespaces {
  readonly client: string
  readonly server: string
  /** Writes a file that the client sees in its /etc; in place, as a bind mount wants it. */
  writeEtc(name: 'resolv.conf' | 'hosts' | 'nsswitch.conf', text: string): void
  /** Removes all of it. Idempotent. */
  remove(): void
}

/** Addresses inside the namespaces: nobody outside sees them. */
export const addresses = {
  client: { v4: '10.99.0.2', v6: 'fd99::2' },
  servers: [
    { v4: '10.99.0.53', v6: 'fd99::53' },
    { v4: '10.99.0.54', v6: 'fd99::54' },
  ],
  target: { v4: '10.99.0.80', v6: 'fd99::80' },
} as const

const open = new Set<Namespaces>()

/** Creates them. They are removed when the process ends, however it does; SIGKILL alone leaves them behind. */
export function createNamespaces(): Namespaces {
  const mark = `loudsink-${process.pid.toString(36)}-${randomBytes(3).toString('hex')}`
  const client = `${mark}-c`
  const server = `${mark}-s`
  const namespaces: Namespaces = {
    client,
    server,
    writeEtc: (name, text) => writeFileSync(join(netnsFolder, client, name), text),
    remove: () => {
      if (!open.delete(namespaces)) return
      for (const name of [client, server]) removeQuietly(name)
      if (open.size === 0) guard('off')
    },
  }
  if (open.size === 0) guard('on')
  open.add(namespaces)
  try {
    build(client, server)
  } catch (error) {
    namespaces.remove()
    throw error
  }
  return namespaces
}

/** Runs `ip`; its words are in the error. */
export function ip(...words: readonly string[]): void {
  execFileSync('ip', words, { stdio: ['ignore', 'ignore', 'pipe'] })
}

function build(client: string, server: string): void {
  mkdirSync(join(netnsFolder, client), { recursive: true })
  for (const name of [client, server]) {
    ip('netns', 'add', name)
    ip('-n', name, 'link', 'set', 'lo', 'up')
    // A machine may switch IPv6 off for new interfaces; here it is wanted.
    const on = 'echo 0 > /proc/sys/net/ipv6/conf/all/disable_ipv6'
    ip('netns', 'exec', name, 'sh', '-c', `${on} 2>/dev/null || true`)
  }
  // Both ends are born inside, so that their names meet no others.
  ip(
    'link',
    'add',
    'cable',
    'netns',
    client,
    'type',
    'veth',
    'peer',
    'name',
    'cable',
    'netns',
    server,
  )
  give(client, [addresses.client])
  give(server, [...addresses.servers, addresses.target])
  for (const name of [client, server]) ip('-n', name, 'link', 'set', 'cable', 'up')
}

function give(name: string, all: readonly { readonly v4: string; readonly v6: string }[]): void {
  for (const { v4, v6 } of all) {
    ip('-n', name, 'addr', 'add', `${v4}/24`, 'dev', 'cable')
    ip('-n', name, '-6', 'addr', 'add', `${v6}/64`, 'dev', 'cable', 'nodad')
  }
}

/** What stays in spite of it shows in `ip netns`, under our mark. */
function removeQuietly(name: string): void {
  quietly(() => {
    if (!existsSync(`/run/netns/${name}`)) return
    for (const pid of pidsIn(name)) quietly(() => process.kill(pid, 'SIGKILL'))
    ip('netns', 'del', name)
  })
  quietly(() => rmSync(join(netnsFolder, name), { recursive: true, force: true }))
  // Not empty: somebody else's files are in it.
  quietly(() => rmdirSync(netnsFolder))
}

/** Nobody but our children can be in there. */
function pidsIn(name: string): readonly number[] {
  const list = execFileSync('ip', ['netns', 'pids', name], { encoding: 'utf8' })
  return list.split('\n').filter(Boolean).map(Number)
}

function quietly(act: () => void): void {
  try {
    act()
  } catch {
    // At the end there is nobody to tell, and the next step matters more.
  }
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

function guard(state: 'on' | 'off'): void {
  const act = state === 'on' ? 'on' : 'off'
  process[act]('exit', removeAll)
  for (const signal of signals) process[act](signal, endBy)
}

function removeAll(): void {
  for (const namespaces of [...open]) namespaces.remove()
}

function endBy(signal: NodeJS.Signals): void {
  removeAll()
  process.kill(process.pid, signal)
}
