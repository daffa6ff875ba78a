import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { civilFromDays, daysFromCivil, daysInMonth, dayText } from '../../../src/core/civil-date.ts'
import { isoTime } from '../../../src/core/iso-time.ts'

const dayMs = 86_400_000
/** 0000-01-01 and 9999-12-31, as days from 1970. */
const days = fc.integer({ min: -719_528, max: 2_932_896 })

describe('the calendar', () => {
  it('agrees with Date on every day between the years 0 and 9999', () => {
    fc.assert(
      fc.property(days, (day) => {
        const date = new Date(day * dayMs)
        const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + 1]
        assert.deepEqual(civilFromDays(day), { year, month, day: date.getUTCDate() })
        assert.equal(daysFromCivil(year, month, date.getUTCDate()), day)
        assert.equal(dayText(day), date.toISOString().slice(0, 10))
        assert.equal(
          daysInMonth(year, month),
          new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate(),
        )
      }),
      { numRuns: 2000 },
    )
  })

  it('knows the leap years that are none', () => {
    assert.deepEqual(
      [1900, 2000, 2023, 2024, 2100].map((year) => daysInMonth(year, 2)),
      [28, 29, 28, 29, 28],
    )
  })
})

describe('isoTime', () => {
  it('writes any moment as toISOString does', () => {
    const moment = fc.integer({ min: -62_167_219_200_000, max: 253_402_300_799_999 })
    fc.assert(
      fc.property(moment, (ms) => {
        assert.equal(isoTime(ms), new Date(ms).toISOString())
      }),
      { numRuns: 2000 },
    )
  })

  it('takes fractions of a millisecond', () => {
    assert.equal(isoTime(1_767_225_600_999.9), '2026-01-01T00:00:00.999Z')
    assert.equal(isoTime(-0.5), '1969-12-31T23:59:59.999Z')
  })
})
