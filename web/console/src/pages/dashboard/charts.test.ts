import { describe, expect, it } from 'vitest'
import { barShares, hourSeries, weekSeries } from './charts'

const hour = (at: number, net_fen: number, compare_net_fen = 0) => ({ hour: at, net_fen, compare_net_fen, orders_count: 1 })

describe('dashboard charts', () => {
  it('draw every hour of the open day, also the silent ones', () => {
    const series = hourSeries([hour(10, 1250), hour(23, 0, 300)])
    expect(series.labels[0]).toBe('8:00')
    expect(series.labels.at(-1)).toBe('23:00')
    expect(series.now[2]).toBe(12.5)
    expect(series.then.at(-1)).toBe(3)
    expect(series.now).toHaveLength(16)
  })
  it('draw today up to the running hour, and the day before whole', () => {
    const series = hourSeries([hour(9, 100, 200), hour(20, 0, 300)], 10)
    expect(series.now.slice(0, 4)).toEqual([0, 1, 0, null])
    expect(series.now.slice(3).every((value) => value === null)).toBe(true)
    expect(series.then[12]).toBe(3)
  })
  it('draw the empty day without a gap', () => {
    expect(hourSeries([]).labels).toHaveLength(14)
  })
  it('draw the week with names of days', () => {
    const week = [{ day: '2026-11-22', net_fen: 100, compare_net_fen: 200, orders_count: 3 }]
    expect(weekSeries(week, (day) => day.slice(5))).toEqual({ labels: ['11-22'], now: [1], then: [2] })
  })
  it('measure rankings against the best', () => {
    expect(barShares([200, 100, 1, 0, -5])).toEqual([100, 50, 1, 0, 0])
    expect(barShares([])).toEqual([])
  })
})
