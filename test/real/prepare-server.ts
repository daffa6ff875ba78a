import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Jdk } from './find-jdk.ts'
import { withJava } from './find-jdk.ts'
import { withFolderLock } from './folder-lock.ts'
import { removeAtExit } from './node-process.ts'

const run = promisify(execFile)

/** Part of the key of a prepared folder: raise it when its layout changes. */
const layoutVersion = 1

/** 60 MB of jars through a slow line; they come once. */
const mavenTimeoutMs = 300_000

export type ServerKind = 'elasticsearch' | 'opensearch'

/** What `launchNode` needs to run a server: jars in place, launcher compiled. */
export interface PreparedServer {
  readonly kind: ServerKind
  readonly version: string
  /** The `java` to run it with. */
  readonly java: string
  /** `path.home` of a node; nothing is written there. */
  readonly home: string
  /** Jars only, in a fixed order: a class archive is good for one class path. */
  readonly classPath: string
  /** Where the class archive is, once there is one. */
  readonly archive: string
  /** The JVM flags that make use of the class archive; none where there is none. */
  archiveFlags(): readonly string[]
}

const cache = fileURLToPath(new URL('../../node_modules/.cache/pino-loudsink', import.meta.url))

/**
 * A folder below `node_modules/.cache` with the server's jars (from Maven's own cache, or through it) and the
 * compiled launcher. Made once for each pom, launcher and JDK; test processes that want it at the same time
 * wait for the first. Then `train` runs, once, in the same lock: it may write `archive`. Rejects with what
 * Maven or the compiler said.
 */
export async function prepareServer(
  kind: ServerKind,
  jdk: Jdk,
  train: (server: PreparedServer) => Promise<void>,
): Promise<PreparedServer> {
  const sources = fileURLToPath(new URL(`./java/${kind}`, import.meta.url))
  const pom = readFileSync(join(sources, 'pom.xml'), 'utf8')
  const launcher = readFileSync(join(sources, 'Start.java'), 'utf8')
  const key = createHash('sha256')
    .update([layoutVersion, pom, launcher, jdk.home, jdk.banner].join('\0'))
    .digest('hex')
    .slice(0, 16)
  const home = join(cache, `${kind}-${key}`)
  const done = join(home, 'prepared')
  if (!existsSync(done)) {
    mkdirSync(cache, { recursive: true })
    await withFolderLock(`${home}.lock`, async () => {
      if (existsSync(done)) return
      if (!existsSync(home)) await layOut(sources, home, jdk)
      await train(describe(kind, pom, home, jdk))
      writeFileSync(done, '')
    })
  }
  return describe(kind, pom, home, jdk)
}

function describe(kind: ServerKind, pom: string, home: string, jdk: Jdk): PreparedServer {
  const lib = join(home, 'lib')
  const archive = join(home, 'classes.jsa')
  return {
    kind,
    version: /<version>(\d+\.\d+\.\d+)</.exec(pom)?.[1] ?? 'unknown',
    java: join(jdk.home, 'bin', 'java'),
    home,
    classPath: readdirSync(lib)
      .sort()
      .map((jar) => join(lib, jar))
      .join(':'),
    archive,
    archiveFlags: () => (existsSync(archive) ? [`-XX:SharedArchiveFile=${archive}`] : []),
  }
}

/** Builds beside `home` and renames, so that a folder of that name is always whole. */
async function layOut(sources: string, home: string, jdk: Jdk): Promise<void> {
  // What a killed predecessor left: under the lock nobody else builds.
  for (const name of readdirSync(cache)) {
    if (name.startsWith(`${basename(home)}.tmp-`)) rmSync(join(cache, name), { recursive: true })
  }
  const staging = mkdtempSync(`${home}.tmp-`)
  removeAtExit(staging)
  const lib = join(staging, 'lib')
  const classes = join(staging, 'classes')
  mkdirSync(classes)
  mkdirSync(join(staging, 'config'))
  await copyJars(sources, lib, jdk)
  await runJava(jdk, 'javac', ['-cp', join(lib, '*'), '-d', classes, join(sources, 'Start.java')])
  // In a jar: a class archive takes no folders.
  await runJava(jdk, 'jar', ['--create', '--file', join(lib, 'start.jar'), '-C', classes, '.'])
  rmSync(classes, { recursive: true })
  await moveModule(staging, lib, jdk)
  try {
    renameSync(staging, home)
  } catch (error) {
    // Somebody who thought the lock abandoned was first: theirs is as good.
    if (!existsSync(home)) throw error
  }
}

async function copyJars(sources: string, lib: string, jdk: Jdk): Promise<void> {
  const goal = 'dependency:copy-dependencies'
  const options = ['-DincludeScope=runtime', `-DoutputDirectory=${lib}`]
  try {
    await run('mvn', ['-q', '-B', '-f', join(sources, 'pom.xml'), goal, ...options], {
      timeout: mavenTimeoutMs,
      env: withJava(jdk),
    })
  } catch (error) {
    throw new Error(`Maven could not fetch the jars: ${wordsOf(error)}`, { cause: error })
  }
}

async function runJava(jdk: Jdk, tool: string, args: string[], cwd?: string): Promise<void> {
  const where = cwd === undefined ? {} : { cwd }
  try {
    await run(join(jdk.home, 'bin', tool), args, { timeout: 60_000, ...where })
  } catch (error) {
    throw new Error(`${tool} failed: ${wordsOf(error)}`, { cause: error })
  }
}

/** Elasticsearch loads its HTTP transport as a module: a folder with its jars and a descriptor. */
async function moveModule(staging: string, lib: string, jdk: Jdk): Promise<void> {
  const jar = readdirSync(lib).find((name) => /^transport-netty4-\d/.test(name))
  if (jar === undefined) return
  const module = join(staging, 'modules', 'transport-netty4')
  mkdirSync(module, { recursive: true })
  for (const name of readdirSync(lib)) {
    if (/netty|ssl-config/.test(name)) renameSync(join(lib, name), join(module, name))
  }
  const inside = join('META-INF', 'es-plugins', 'transport-netty4')
  await runJava(jdk, 'jar', ['--extract', '--file', join(module, jar), inside], staging)
  cpSync(join(staging, inside), module, { recursive: true })
  rmSync(join(staging, 'META-INF'), { recursive: true })
  // Without its module name it is loaded from the class path, on which this JVM runs.
  const descriptor = join(module, 'plugin-descriptor.properties')
  const text = readFileSync(descriptor, 'utf8')
  writeFileSync(descriptor, text.replaceAll(/^modulename=.*$/gm, ''))
}

/** What a failed command printed, on one line and cut, else why it did not run. */
function wordsOf(error: unknown): string {
  const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
  const printed = `${stdout} ${stderr}`.replaceAll(/\s+/g, ' ').trim()
  return printed === '' ? String(error) : printed.slice(0, 600)
}
