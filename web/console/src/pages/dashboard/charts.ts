// From the figures of the server to what the charts draw. Pure, so that it can be tested.
import type { Dashboard } from '@/api/types'

export interface Series {
  labels: string[]
  now: (number | null)[] // null: has not been yet
  then: number[]
}

const yuan = (fen: number): number => fen / 100 // for drawing only; figures shown as text come from fen

// The hours between the first and the last sale of either day, at least 8 to 21. Of today nothing is
// drawn after the hour that is running.
export function hourSeries(hours: Dashboard['hours'], hourNow: number | null = null): Series {
  const byHour = new Map(hours.map((entry) => [entry.hour, entry]))
  const busy = hours.filter((entry) => entry.net_fen !== 0 || entry.compare_net_fen !== 0).map((entry) => entry.hour)
  const from = Math.min(8, ...busy)
  const to = Math.max(21, ...busy)
  const series: Series = { labels: [], now: [], then: [] }
  for (let hour = from; hour <= to; hour += 1) {
    const entry = byHour.get(hour)
    series.labels.push(`${hour}:00`)
    const been = hourNow === null || hour <= hourNow
    series.now.push(been ? yuan(entry?.net_fen ?? 0) : null)
    series.then.push(yuan(entry?.compare_net_fen ?? 0))
  }
  return series
}

export function weekSeries(week: Dashboard['week'], label: (day: string) => string): Series {
  return {
    labels: week.map((entry) => label(entry.day)),
    now: week.map((entry) => yuan(entry.net_fen)),
    then: week.map((entry) => yuan(entry.compare_net_fen)),
  }
}

// Widths of ranking bars in percent of the best.
export function barShares(values: number[]): number[] {
  const best = Math.max(0, ...values)
  return values.map((value) => (best <= 0 || value <= 0 ? 0 : Math.max(1, Math.round((value * 100) / best))))
}
