import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { it } from 'node:test'
import { htmlAnswer } from '../../../src/testing/answer.ts'

for (const [name, status] of [
  ['502', 502],
  ['504-small', 504],
  ['413', 413],
  ['401-missing', 401],
] as const) {
  it(`gives nginx's own page for ${status}`, () => {
    const text = readFileSync(`test/fixtures/answers/nginx/${name}.json`, 'utf8')
    const golden = JSON.parse(text) as { body: string; headers: Record<string, string> }
    const answer = htmlAnswer(status)
    assert.equal(answer.body, golden.body)
    assert.equal(answer.headers['content-type'], golden.headers['content-type'])
    assert.equal(answer.headers['server'], golden.headers['server'])
  })
}
