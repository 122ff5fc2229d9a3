import { describe, expect, it } from 'vitest'
import { hoursOf, runsOf, weekOf } from './opening_hours'

const hours = (weekday: number, opens = '07:00', closes = '22:00') => ({ weekday, opens, closes })

describe('opening hours', () => {
  it('survive the way to the form and back', () => {
    const given = [hours(1), hours(2, '07:00', '11:00'), hours(2, '13:00', '20:00'), hours(6, '09:00', '23:00')]
    expect(hoursOf(weekOf(given))).toEqual(given)
    expect(weekOf(given).map((day) => day.open)).toEqual([true, true, false, false, false, true, false])
  })
  it('join neighbouring days with the same hours', () => {
    const week = [1, 2, 3, 4, 5].map((day) => hours(day)).concat(hours(6, '09:00'))
    expect(runsOf(week)).toEqual([
      { from: 1, to: 5, text: '07:00–22:00' }, { from: 6, to: 6, text: '09:00–22:00' }, { from: 7, to: 7, text: '' },
    ])
  })
})
