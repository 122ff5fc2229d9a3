import { describe, expect, it } from 'vitest'
import { addDays, clockOf, dayOf, dayStart, formatInstant, isDay, weekdayOf } from './time'

describe('time', () => {
  it('shows instants in the zone of the merchant, not of the device', () => {
    expect(formatInstant('2026-11-22T10:05:09.000Z', 480)).toBe('2026-11-22 18:05')
    expect(formatInstant('2026-11-22T10:05:09.000Z', 480, true)).toBe('2026-11-22 18:05:09')
    expect(formatInstant('2026-12-31T16:00:00.000Z', 480)).toBe('2027-01-01 00:00')
    expect(formatInstant('2026-11-22T03:10:00.000Z', -300)).toBe('2026-11-21 22:10')
    expect(formatInstant('2026-11-22T00:00:00.000Z', 345)).toBe('2026-11-22 05:45')
  })
  it('shows nothing for nothing', () => {
    expect(formatInstant(null, 480)).toBe('')
    expect(formatInstant('never', 480)).toBe('')
    expect(clockOf('never', 480)).toBe('')
  })
  it('counts days', () => {
    expect(dayOf(new Date('2026-11-22T23:00:00Z'), 480)).toBe('2026-11-23')
    expect(addDays('2026-03-01', -1)).toBe('2026-02-28')
    expect(addDays('2028-02-28', 1)).toBe('2028-02-29')
    expect(weekdayOf('2026-11-22')).toBe(7)
    expect(weekdayOf('2026-11-23')).toBe(1)
  })
  it('begins a day where the merchant is', () => {
    expect(dayStart('2026-11-22', 480)).toBe('2026-11-21T16:00:00.000Z')
    expect(dayOf(dayStart('2026-11-22', -300), -300)).toBe('2026-11-22')
  })
  it('knows a day when it sees one', () => {
    expect(isDay('2026-11-22')).toBe(true)
    expect(isDay('2026-13-40')).toBe(false)
    expect(isDay('22.11.2026')).toBe(false)
    expect(isDay(undefined)).toBe(false)
  })
})
