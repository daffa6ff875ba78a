import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { addLedgers } from '../../../src/core/add-ledgers.ts'
import type { Fate, LedgerNote } from '../../../src/core/ledger.ts'
import { droppedTotal, dropReasons, imbalance, LedgerBook } from '../../../src/core/ledger.ts'

const fates: readonly Fate[] = ['stored', 'duplicate', 'deadLettered', ...dropReasons]
const notes: readonly LedgerNote[] = [
  'repaired',
  'maybeCopied',
  'conflictUnexpected',
  'droppedAmbiguous',
  'deadLettersKept',
  'failureStored',
]
const none = { pending: 0, spooled: 0 }

describe('LedgerBook', () => {
  it('begins with zeros, and balances', () => {
    const ledger = new LedgerBook().read(none)
    assert.equal(imbalance(ledger), 0)
    assert.equal(ledger.accepted, 0)
    assert.equal(droppedTotal(ledger), 0)
  })

  for (const fate of fates) {
    it(`books ${fate} once, and nowhere else`, () => {
      const book = new LedgerBook()
      book.accept()
      assert.equal(imbalance(book.read({ pending: 1, spooled: 0 })), 0)
      book.book(fate, 'id')
      const { stored, duplicates, deadLettered, dropped, ...rest } = book.read(none)
      const counts = { stored, duplicate: duplicates, deadLettered, ...dropped }
      assert.deepEqual(
        Object.entries(counts).filter(([, count]) => count > 0),
        [[fate, 1]],
      )
      assert.equal(imbalance({ stored, duplicates, deadLettered, dropped, ...rest }), 0)
    })
  }

  for (const note of notes) {
    it(`notes ${note} beside the fates`, () => {
      const book = new LedgerBook()
      book.note(note)
      book.note(note, 4)
      assert.equal(book.read(none)[note], 5)
      assert.equal(imbalance(book.read(none)), 0)
    })
  }

  it('gives a copy that later bookings do not change', () => {
    const book = new LedgerBook()
    const before = book.read(none)
    book.book('memory_full', undefined)
    assert.equal(before.dropped.memory_full, 0)
  })
})

describe('imbalance', () => {
  it('is positive for a line that is nowhere', () => {
    const book = new LedgerBook()
    book.accept()
    assert.equal(imbalance(book.read(none)), 1)
  })

  it('is negative for a line that has two fates', () => {
    const book = new LedgerBook()
    book.accept()
    book.book('stored', 'id')
    book.book('duplicate', 'id')
    assert.equal(imbalance(book.read(none)), -1)
  })

  it('counts what lies on disk', () => {
    const book = new LedgerBook()
    book.accept()
    book.accept()
    const ledger = book.read({ pending: 0, spooled: 2 })
    assert.equal(imbalance(ledger), 0)
    assert.equal(imbalance({ ...ledger, recovered: 3, spooled: 4, handedOver: 1 }), 0)
  })
})

describe('addLedgers', () => {
  it('adds every number', () => {
    const books = fates.map((fate) => {
      const book = new LedgerBook()
      book.accept()
      book.book(fate, 'id')
      for (const note of notes) book.note(note)
      return book.read({ pending: 2, spooled: 3 })
    })
    const sum = addLedgers(books)
    assert.equal(sum.accepted, fates.length)
    assert.deepEqual([sum.stored, sum.duplicates, sum.deadLettered], [1, 1, 1])
    assert.deepEqual(sum.dropped, Object.fromEntries(dropReasons.map((reason) => [reason, 1])))
    for (const note of notes) assert.equal(sum[note], fates.length)
    assert.deepEqual([sum.pending, sum.spooled], [2 * fates.length, 3 * fates.length])
  })

  it('is all zeros for none', () => {
    assert.deepEqual(addLedgers([]), new LedgerBook().read(none))
  })

  it('leaves what it adds as it was', () => {
    const book = new LedgerBook()
    book.book('closed', undefined)
    const one = book.read(none)
    addLedgers([one, one])
    assert.equal(one.dropped.closed, 1)
  })
})
