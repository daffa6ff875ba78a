import type { Step } from './recorded-request.ts'

export const timestamp = '"@timestamp":"2026-01-02T03:04:05.678Z"'
export const fine = `{${timestamp},"m":"fine"}`
export const asked =
  'filter_path=errors,items.*.status,items.*.error,items.*.failure_store&timeout=20000ms'

/** A body of `create` actions with the ids 1, 2, 3… for these lines. */
export function creates(index: string, ...lines: string[]): string {
  return lines.map((line, i) => `${action(index, String(i + 1))}\n${line}\n`).join('')
}

export function action(index: string, id: string, more = ''): string {
  return `{"create":{"_index":"${index}","_id":"${id}"${more}}}`
}

export function createsBytes(index: string, ...lines: Uint8Array[]): Buffer {
  const newline = Buffer.from('\n')
  return Buffer.concat(
    lines.flatMap((line, i) => [Buffer.from(`${action(index, String(i + 1))}\n`), line, newline]),
  )
}

export function mapped(index: string, mappings: object, settings: object = {}): Step {
  return ['PUT', `/${index}`, { mappings, settings }]
}

export function blocked(index: string, block: string): readonly Step[] {
  return [
    ['PUT', `/${index}`, {}],
    ['PUT', `/${index}/_settings`, { [`index.blocks.${block}`]: true }],
  ]
}

export function clusterSetting(name: string, value: unknown): Step {
  return ['PUT', '/_cluster/settings', { persistent: { [name]: value } }]
}

export const many = (count: number, line = fine): string[] =>
  Array.from({ length: count }, () => line)
