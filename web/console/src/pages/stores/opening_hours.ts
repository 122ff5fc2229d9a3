// Seven days on the screen; on the way to the server only the days on which the store opens.
import type { OpeningHours } from './api'

export interface DayHours {
  weekday: number
  open: boolean
  opens: string
  closes: string
  more: OpeningHours // a second opening on the same day; kept as it is
}

export function weekOf(hours: OpeningHours): DayHours[] {
  return [1, 2, 3, 4, 5, 6, 7].map((weekday) => {
    const [first, ...more] = hours.filter((entry) => entry.weekday === weekday)
    return { weekday, open: first !== undefined, opens: first?.opens ?? '08:00', closes: first?.closes ?? '22:00', more }
  })
}

export const hoursOf = (week: DayHours[]): OpeningHours =>
  week.filter((day) => day.open).flatMap(({ weekday, opens, closes, more }) => [{ weekday, opens, closes }, ...more])

export interface HoursRun {
  from: number
  to: number
  text: string // empty: closed
}

// Neighbouring days with the same hours become one line.
export function runsOf(hours: OpeningHours): HoursRun[] {
  const runs: HoursRun[] = []
  for (const day of weekOf(hours)) {
    const text = day.open ? [day, ...day.more].map((entry) => `${entry.opens}–${entry.closes}`).join(', ') : ''
    const last = runs.at(-1)
    if (last && last.text === text) last.to = day.weekday
    else runs.push({ from: day.weekday, to: day.weekday, text })
  }
  return runs
}
