import { execFile } from 'node:child_process'
import { existsSync, readdirSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Elasticsearch 9 and OpenSearch 3 are compiled for Java 21. */
const oldestVersion = 21

/** Where Linux distributions put their JDKs, one folder each. */
const systemFolder = '/usr/lib/jvm'

export interface Jdk {
  /** The folder above `bin`; `java`, `javac` and `jar` are in there. */
  readonly home: string
  /** The first number of its version: 21, 25. */
  readonly version: number
  /** All that `java -version` printed: two JDKs with the same text are the same. */
  readonly banner: string
}

export type JdkSearch =
  | { readonly kind: 'found'; readonly jdk: Jdk }
  | { readonly kind: 'missing'; readonly what: string }

/**
 * A JDK of version 21 or newer: the one that `PINO_LOUDSINK_TEST_JDK` names (then no other is looked at), else
 * `JAVA_HOME`, else the newest below `/usr/lib/jvm`, else the one that `java` on the PATH belongs to. Each is
 * run to learn its version.
 */
export async function findJdk(env: NodeJS.ProcessEnv = process.env): Promise<JdkSearch> {
  const named = env['PINO_LOUDSINK_TEST_JDK']
  if (named !== undefined && named !== '') {
    const jdk = await inspect(named)
    if (jdk !== undefined) return { kind: 'found', jdk }
    const what = `PINO_LOUDSINK_TEST_JDK=${named} is not a JDK ${oldestVersion} or newer`
    return { kind: 'missing', what }
  }
  for (const homes of [[env['JAVA_HOME'] ?? ''], systemHomes(), await homeOfJavaOnPath()]) {
    const found = (await Promise.all(unique(homes).map(inspect))).filter((jdk) => jdk !== undefined)
    const newest = found.sort((a, b) => b.version - a.version)[0]
    if (newest !== undefined) return { kind: 'found', jdk: newest }
  }
  return {
    kind: 'missing',
    what: `needs mvn and a JDK ${oldestVersion} or newer (apt-get install openjdk-21-jdk-headless or temurin-21-jdk, or name one in PINO_LOUDSINK_TEST_JDK)`,
  }
}

function systemHomes(): string[] {
  if (!existsSync(systemFolder)) return []
  return readdirSync(systemFolder).map((name) => join(systemFolder, name))
}

async function homeOfJavaOnPath(): Promise<string[]> {
  const settings = await output('java', ['-XshowSettings:properties', '-version'])
  const home = /^\s*java\.home = (.+)$/m.exec(settings ?? '')?.[1]
  return home === undefined ? [] : [home.trim()]
}

/** Links resolved, each folder once: `/usr/lib/jvm` holds the same JDK under several names. */
function unique(homes: readonly string[]): string[] {
  return [
    ...new Set(
      homes.filter((home) => home !== '' && existsSync(home)).map((home) => realpathSync(home)),
    ),
  ]
}

/** `home` when it is a JDK that is new enough: a Java without a compiler does not do. */
async function inspect(home: string): Promise<Jdk | undefined> {
  if (!existsSync(join(home, 'bin', 'javac')) || !existsSync(join(home, 'bin', 'jar'))) return
  const banner = await output(join(home, 'bin', 'java'), ['-version'])
  const version = Number(/version "(\d+)/.exec(banner ?? '')?.[1])
  if (banner === undefined || !(version >= oldestVersion)) return
  return { home, version, banner }
}

/** Both streams of a command (`java -version` prints to standard error); undefined when it does not run. */
async function output(command: string, args: readonly string[]): Promise<string | undefined> {
  try {
    const { stdout, stderr } = await run(command, args, { timeout: 10_000 })
    return stdout + stderr
  } catch {
    return undefined
  }
}

/** The environment for a program that needs a Java of its own, such as Maven: `jdk` only where it would find none. */
export function withJava(jdk: Jdk, env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const folders = (env['PATH'] ?? '').split(':')
  const finds =
    env['JAVA_HOME'] !== undefined || folders.some((folder) => existsSync(join(folder, 'java')))
  if (finds) return env
  return { ...env, JAVA_HOME: jdk.home }
}
