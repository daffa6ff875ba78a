import assert from 'node:assert/strict'
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import type { RequestOptions } from 'node:https'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { text } from 'node:stream/consumers'
import type { TestContext } from 'node:test'
import { describe, it } from 'node:test'
import type { CelInput } from '@bufbuild/cel'
import { run } from '@bufbuild/cel'
import type {
  V1MutatingAdmissionPolicy,
  V1MutatingAdmissionPolicyBinding,
  V1MutatingWebhookConfiguration,
  V1PodSpec,
} from '@kubernetes/client-node'
import { loadAll } from 'js-yaml'
import type { ReviewAnswer } from '../../examples/kubernetes/webhook/review.ts'
import { review } from '../../examples/kubernetes/webhook/review.ts'

const folder = 'examples/kubernetes'
const files = ['deployment.yaml', 'mutating-admission-policy.yaml', 'webhook/manifests.yaml']

interface Manifest {
  readonly apiVersion: string
  readonly kind: string
}

const read = (file: string): readonly Manifest[] =>
  loadAll(readFileSync(join(folder, file), 'utf8')) as Manifest[]
const find = <T>(file: string, kind: string): T => {
  const found = read(file).find((manifest) => manifest.kind === kind)
  assert.ok(found, `no ${kind} in ${file}`)
  return found as unknown as T
}

/** Types of `@kubernetes/client-node` by kind; cert-manager's kinds are not Kubernetes' own. */
const typed = (manifest: Manifest): boolean => !manifest.apiVersion.startsWith('cert-manager.io/')

/** What tsc says to manifests written out as constants of their types. */
function checkTypes(manifests: readonly Manifest[]): string {
  // Inside node_modules, so that the types are found from there.
  const cache = 'node_modules/.cache'
  mkdirSync(cache, { recursive: true })
  const place = mkdtempSync(join(cache, 'kubernetes-'))
  try {
    const lines = manifests.map(
      (manifest, i) =>
        `export const m${i}: k8s.V1${manifest.kind} = ${JSON.stringify(manifest, undefined, 1)}`,
    )
    writeFileSync(
      join(place, 'manifests.ts'),
      ["import type * as k8s from '@kubernetes/client-node'", ...lines].join('\n'),
    )
    writeFileSync(join(place, 'package.json'), '{"type":"module"}')
    const words = '--noEmit --strict --skipLibCheck --module nodenext --target es2023 --types node'
    const { stdout } = spawnSync(
      process.execPath,
      [
        'node_modules/typescript/bin/tsc',
        '--ignoreConfig',
        ...words.split(' '),
        join(place, 'manifests.ts'),
      ],
      { encoding: 'utf8' },
    )
    return stdout
  } finally {
    rmSync(place, { recursive: true })
  }
}

type Options = readonly { readonly name?: string; readonly value?: string }[]
interface Pod {
  readonly spec: {
    readonly hostNetwork?: boolean
    readonly dnsConfig?: {
      readonly options?: Options
      readonly nameservers?: readonly string[]
      readonly searches?: readonly string[]
    }
  }
}

const option = { name: 'single-request-reopen' }
/** Pods, with the options that they have in the end. */
const pods: Readonly<Record<string, { readonly pod: Pod; readonly ends: Options | undefined }>> = {
  'a plain pod': { pod: { spec: {} }, ends: [option] },
  'a pod with an empty dnsConfig': { pod: { spec: { dnsConfig: {} } }, ends: [option] },
  'a pod with name servers of its own': {
    pod: { spec: { dnsConfig: { nameservers: ['10.0.0.10'], searches: ['test'] } } },
    ends: [option],
  },
  'a pod without any option': { pod: { spec: { dnsConfig: { options: [] } } }, ends: [option] },
  'a pod with other options': {
    pod: { spec: { hostNetwork: false, dnsConfig: { options: [{ name: 'ndots', value: '2' }] } } },
    ends: [{ name: 'ndots', value: '2' }, option],
  },
  'a pod that has the option': {
    pod: { spec: { dnsConfig: { options: [option, { name: 'ndots', value: '2' }] } } },
    ends: [option, { name: 'ndots', value: '2' }],
  },
  "a pod in the host's network": { pod: { spec: { hostNetwork: true } }, ends: undefined },
}

interface Operation {
  readonly op: string
  readonly path: string
  readonly value: unknown
}

/** Applies the `add` operations of a JSON Patch (RFC 6902). Throws where the place does not exist. */
function patched(pod: Pod, patch: readonly Operation[]): Pod {
  const copy = structuredClone(pod)
  for (const { op, path, value } of patch) {
    assert.equal(op, 'add')
    const keys = path.slice(1).split('/')
    const last = keys.pop() ?? ''
    let place: unknown = copy
    for (const key of keys) place = (place as Record<string, unknown>)[key]
    assert.ok(typeof place === 'object' && place !== null, `nothing at ${path}`)
    if (Array.isArray(place)) {
      assert.equal(last, '-')
      place.push(value)
    } else (place as Record<string, unknown>)[last] = value
  }
  return copy
}

/** The rest of the pod is as it was, and its options are those that were expected. */
function assertPatched(before: Pod, after: Pod, ends: Options | undefined): void {
  assert.deepEqual(after.spec.dnsConfig?.options, ends)
  const rest = (pod: Pod) => ({
    ...pod.spec,
    dnsConfig: { ...pod.spec.dnsConfig, options: undefined },
  })
  assert.deepEqual(rest(after), rest(before))
}

const cel = (expression: string, pod: Pod): unknown =>
  run(expression, { object: pod as unknown as CelInput })

/** CEL's lists and maps as plain data. */
function plain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const isMap = Symbol.iterator in value && 'get' in value && 'entries' in value && 'has' in value
  if (isMap) {
    const entries = [...(value as Iterable<[unknown, unknown]>)]
    return Object.fromEntries(entries.map(([key, own]) => [String(key), plain(own)]))
  }
  return [...(value as Iterable<unknown>)].map(plain)
}

/**
 * The API server alone knows the types `JSONPatch` and `Object…`; written as maps, the same expression runs anywhere.
 */
const asMaps = (expression: string): string =>
  expression
    .replace(/\b(?:JSONPatch|Object(?:\.\w+)*)\s*\{/g, '{')
    .replace(/([{,]\s*)(\w+)\s*:/g, '$1"$2":')

describe('examples/kubernetes: manifests', () => {
  it("fit the types of Kubernetes' own client", () => {
    const manifests = files.flatMap(read).filter(typed)
    assert.equal(manifests.length, 7)
    assert.equal(checkTypes(manifests), '')
  })

  it('would be refused with a mistake in them', () => {
    const manifests = files.flatMap(read).filter(typed)
    const broken: unknown = JSON.parse(
      JSON.stringify(manifests).replaceAll('"sizeLimit"', '"sizeLimitt"'),
    )
    assert.match(checkTypes(broken as Manifest[]), /sizeLimitt/)
    const misspelt: unknown = JSON.parse(
      JSON.stringify(manifests).replaceAll('"jsonPatch"', '"jsonpatch"'),
    )
    assert.match(checkTypes(misspelt as Manifest[]), /jsonpatch/)
  })

  it('deployment.yaml asks for what the transport needs', () => {
    const { spec } = find<{ spec: { template: { spec: V1PodSpec } } }>(
      'deployment.yaml',
      'Deployment',
    )
    const pod = spec.template.spec
    assert.ok((pod.terminationGracePeriodSeconds ?? 0) > 10)
    const options = new Map(pod.dnsConfig?.options?.map(({ name, value }) => [name, value]))
    assert.deepEqual(
      [...options],
      [
        ['single-request-reopen', undefined],
        ['timeout', '1'],
        ['attempts', '3'],
        ['ndots', '2'],
      ],
    )
    const spool = pod.volumes?.find(({ name }) => name === 'spool')
    assert.match(spool?.emptyDir?.sizeLimit ?? '', /^\d+Mi$/)
    const mounts = pod.containers.flatMap(({ volumeMounts = [] }) => volumeMounts)
    const volumes = pod.volumes?.map(({ name }) => name)
    assert.deepEqual(mounts.map(({ name }) => name).sort(), [...(volumes ?? [])].sort())
  })

  it('policy, binding and webhook choose the same namespaces, and none stops a pod', () => {
    const policy = find<V1MutatingAdmissionPolicy>(files[1] ?? '', 'MutatingAdmissionPolicy')
    const binding = find<V1MutatingAdmissionPolicyBinding>(
      files[1] ?? '',
      'MutatingAdmissionPolicyBinding',
    )
    const hook = find<V1MutatingWebhookConfiguration>(
      files[2] ?? '',
      'MutatingWebhookConfiguration',
    )
    const [webhook] = hook.webhooks ?? []
    assert.equal(binding.spec?.policyName, policy.metadata?.name)
    assert.deepEqual(binding.spec?.matchResources?.namespaceSelector, webhook?.namespaceSelector)
    assert.equal(Object.keys(webhook?.namespaceSelector?.matchLabels ?? {}).length, 1)
    assert.deepEqual([policy.spec?.failurePolicy, webhook?.failurePolicy], ['Ignore', 'Ignore'])
    const [hookCondition] = webhook?.matchConditions ?? []
    assert.deepEqual(hookCondition, policy.spec?.matchConditions?.[0])
  })

  it('the kustomization brings files that exist, under the names that the pod starts', () => {
    const [kustomization] = read('webhook/kustomization.yaml') as unknown as readonly {
      readonly configMapGenerator: readonly {
        readonly name: string
        readonly files: readonly string[]
      }[]
      readonly resources: readonly string[]
    }[]
    const [map] = kustomization?.configMapGenerator ?? []
    for (const file of [...(map?.files ?? []), ...(kustomization?.resources ?? [])]) {
      assert.ok(readFileSync(join(folder, 'webhook', file)).length > 0)
    }
    const { spec } = find<{ spec: { template: { spec: V1PodSpec } } }>(files[2] ?? '', 'Deployment')
    const pod = spec.template.spec
    assert.ok(pod.containers[0]?.command?.includes(`/webhook/${map?.files[1]}`))
    assert.equal(pod.volumes?.find(({ name }) => name === 'code')?.configMap?.name, map?.name)
  })
})

describe('examples/kubernetes: the policy', () => {
  const { spec } = find<V1MutatingAdmissionPolicy>(
    'mutating-admission-policy.yaml',
    'MutatingAdmissionPolicy',
  )
  const expression = asMaps(spec?.mutations?.[0]?.jsonPatch?.expression ?? '')

  for (const [name, { pod, ends }] of Object.entries(pods)) {
    it(`${name} ends with ${JSON.stringify(ends)}`, () => {
      const isMatched = (spec?.matchConditions ?? []).every((one) => {
        const verdict = cel(one.expression, pod)
        assert.equal(typeof verdict, 'boolean', `${one.name}: ${String(verdict)}`)
        return verdict
      })
      const patch = isMatched ? (plain(cel(expression, pod)) as readonly Operation[]) : []
      assert.ok(Array.isArray(patch), String(patch))
      assertPatched(pod, patched(pod, patch), ends)
      const again = patched(pod, patch)
      const isDone = !(spec?.matchConditions ?? []).every((one) => cel(one.expression, again))
      assert.ok(isDone, 'a second look at the pod changes nothing')
    })
  }
})

const reviewOf = (object: unknown, kind = 'Pod'): object => ({
  apiVersion: 'admission.k8s.io/v1',
  kind: 'AdmissionReview',
  request: {
    uid: '705ab4f5-6393-11e8-b7cc-42010a800002',
    kind: { group: '', version: 'v1', kind },
    operation: 'CREATE',
    namespace: 'shop',
    object,
  },
})

function patchOf({ response }: ReviewAnswer): readonly Operation[] {
  if (response.patch === undefined) return []
  assert.equal(response.patchType, 'JSONPatch')
  return JSON.parse(Buffer.from(response.patch, 'base64').toString()) as Operation[]
}

describe('examples/kubernetes: review()', () => {
  for (const [name, { pod, ends }] of Object.entries(pods)) {
    it(`${name} ends with ${JSON.stringify(ends)}`, () => {
      const answer = review(reviewOf(pod))
      assert.equal(answer.response.uid, '705ab4f5-6393-11e8-b7cc-42010a800002')
      assert.equal(answer.response.allowed, true)
      const after = patched(pod, patchOf(answer))
      assertPatched(pod, after, ends)
      assert.deepEqual(patchOf(review(reviewOf(after))), [], 'a second look changes nothing')
    })
  }

  it('lets through what it does not understand, and leaves it as it is', () => {
    for (const strange of [
      undefined,
      null,
      'text',
      [],
      {},
      { request: null },
      { request: { uid: 7 } },
      reviewOf(undefined),
      reviewOf({ spec: [] }),
      reviewOf({ spec: { containers: [] } }, 'Deployment'),
      JSON.parse('{"__proto__":{"request":{"uid":"x"}}}'),
    ]) {
      const { response } = review(strange)
      assert.equal(response.allowed, true)
      assert.equal(response.patch, undefined)
    }
    assert.match(review(reviewOf({}, 'Node')).response.warnings?.[0] ?? '', /not a pod/)
  })
})

/** A certificate for localhost, made for this run. */
function makeCertificate(place: string): RequestOptions {
  const [cert, key] = [join(place, 'tls.crt'), join(place, 'tls.key')]
  const words = `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost -keyout ${key} -out ${cert}`
  execFileSync('openssl', words.split(' '), { stdio: 'ignore' })
  return { ca: readFileSync(cert), host: '127.0.0.1', servername: 'localhost' }
}

const hasOpenssl = spawnSync('openssl', ['version']).status === 0

describe('examples/kubernetes: the webhook as a process', () => {
  async function start(t: TestContext): Promise<RequestOptions> {
    const place = mkdtempSync(join(tmpdir(), 'loudsink-webhook-'))
    const tls = makeCertificate(place)
    const child = spawn(process.execPath, ['--import', 'tsx', `${folder}/webhook/server.ts`], {
      env: {
        ...process.env,
        TLS_CERT: join(place, 'tls.crt'),
        TLS_KEY: join(place, 'tls.key'),
        PORT: '0',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: 30_000,
      killSignal: 'SIGKILL',
    })
    t.after(async () => {
      if (child.exitCode === null) {
        const exited = once(child, 'exit') as Promise<[number | null]>
        child.kill('SIGTERM')
        assert.equal((await exited)[0], 0)
      }
      rmSync(place, { recursive: true })
    })
    const [line] = (await once(child.stdout, 'data')) as [Buffer]
    const port = /listening on port (\d+)/.exec(String(line))?.[1]
    assert.ok(port, String(line))
    return { ...tls, port }
  }

  async function ask(
    options: RequestOptions,
    body?: string,
  ): Promise<{ status: number | undefined; body: string }> {
    const sent = request({ agent: false, ...options })
    sent.end(body)
    const [response] = (await once(sent, 'response')) as [IncomingMessage]
    return { status: response.statusCode, body: await text(response) }
  }

  it('answers reviews over TLS, however broken, and is healthy', {
    skip: hasOpenssl ? false : 'openssl: install it',
  }, async (t) => {
    const where = await start(t)
    const mutate = { ...where, method: 'POST', path: '/mutate?timeout=2s' }
    const good = await ask(mutate, JSON.stringify(reviewOf({ spec: {} })))
    const answer = JSON.parse(good.body) as ReviewAnswer
    assert.equal(good.status, 200)
    assert.deepEqual(patchOf(answer), [
      { op: 'add', path: '/spec/dnsConfig', value: { options: [option] } },
    ])
    for (const body of ['', '{"request":', `"${'x'.repeat(5 * 1024 * 1024)}"`]) {
      const broken = await ask(mutate, body)
      assert.equal(broken.status, 200)
      assert.equal((JSON.parse(broken.body) as ReviewAnswer).response.allowed, true)
    }
    assert.deepEqual(await ask({ ...where, path: '/healthz' }), { status: 200, body: 'ok\n' })
    assert.equal((await ask({ ...where, path: '/mutate' })).status, 404)
  })
})
