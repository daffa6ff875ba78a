import assert from 'node:assert/strict'
import { it } from 'node:test'
import { filterPath } from '../../../src/testing/filter-path.ts'

const answer = {
  errors: true,
  took: 3,
  items: [
    { create: { _index: 'a', _id: '1', status: 201 } },
    { create: { _index: 'a', _id: '2', status: 400, error: { type: 't', reason: 'r' } } },
  ],
}

it('keeps an entry for each item when each has something to show', () => {
  assert.deepEqual(filterPath(answer, 'errors,items.*.status,items.*.error.type'), {
    errors: true,
    items: [{ create: { status: 201 } }, { create: { status: 400, error: { type: 't' } } }],
  })
})

it('drops the entries that have nothing to show, and then their positions are lost', () => {
  assert.deepEqual(filterPath(answer, 'took,items.*.error'), {
    took: 3,
    items: [{ create: { error: { type: 't', reason: 'r' } } }],
  })
  assert.deepEqual(filterPath(answer, 'items.*.nothing'), {})
})

it('understands exclusions, parts of names and any depth', () => {
  assert.deepEqual(filterPath(answer, '-items,-took'), { errors: true })
  assert.deepEqual(filterPath(answer, 'items.*._i*'), {
    items: [{ create: { _index: 'a', _id: '1' } }, { create: { _index: 'a', _id: '2' } }],
  })
  assert.deepEqual(filterPath(answer, '**.type'), { items: [{ create: { error: { type: 't' } } }] })
})
