/** The resolver option that is added: A and AAAA leave from two ports (glibc). */
const optionName = 'single-request-reopen'

/** The part of an AdmissionReview's answer that the API server reads. */
export interface ReviewAnswer {
  readonly apiVersion: 'admission.k8s.io/v1'
  readonly kind: 'AdmissionReview'
  readonly response: {
    readonly uid: string
    /** Always: a pod without the option is better than no pod. */
    readonly allowed: true
    readonly patchType?: 'JSONPatch'
    /** A JSON Patch (RFC 6902) in base64. */
    readonly patch?: string
    /** Shown by kubectl. */
    readonly warnings?: readonly string[]
  }
}

type Patch = readonly { readonly op: 'add'; readonly path: string; readonly value: unknown }[]

/**
 * Answers an AdmissionReview: a patch that adds the option to a pod, merged with the options that are there; no patch
 * for a pod that has it, for one in the host's network, and for anything that is not understood. Never throws.
 */
export function review(request: unknown): ReviewAnswer {
  const asked = member(request, 'request')
  const uid = member(asked, 'uid')
  const answer = { uid: typeof uid === 'string' ? uid : '', allowed: true } as const
  if (member(member(asked, 'kind'), 'kind') !== 'Pod') {
    return wrap({ ...answer, warnings: [`${optionName}: not a pod, left as it is`] })
  }
  const patch = patchFor(member(member(asked, 'object'), 'spec'))
  if (patch.length === 0) return wrap(answer)
  const bytes = Buffer.from(JSON.stringify(patch))
  return wrap({ ...answer, patchType: 'JSONPatch', patch: bytes.toString('base64') })
}

const wrap = (response: ReviewAnswer['response']): ReviewAnswer => ({
  apiVersion: 'admission.k8s.io/v1',
  kind: 'AdmissionReview',
  response,
})

function patchFor(spec: unknown): Patch {
  // Pods in the host's network use the node's resolv.conf.
  if (!isObject(spec) || member(spec, 'hostNetwork') === true) return []
  const option = { name: optionName }
  const dnsConfig = member(spec, 'dnsConfig')
  if (!isObject(dnsConfig)) {
    return [{ op: 'add', path: '/spec/dnsConfig', value: { options: [option] } }]
  }
  const options = member(dnsConfig, 'options')
  if (!Array.isArray(options)) {
    return [{ op: 'add', path: '/spec/dnsConfig/options', value: [option] }]
  }
  if (options.some((one) => member(one, 'name') === optionName)) return []
  return [{ op: 'add', path: '/spec/dnsConfig/options/-', value: option }]
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const member = (value: unknown, name: string): unknown =>
  isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined
