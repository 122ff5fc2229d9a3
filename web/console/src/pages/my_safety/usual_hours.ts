// "08–11, 17": the usual hours of any day of the week, neighbours joined.
import type { OwnHabit } from '@/api/types'

export function usualHours(habits: Pick<OwnHabit, 'trait' | 'value' | 'usual'>[]): string {
  const hours = new Set(habits.filter((habit) => habit.trait === 'hour' && habit.usual).map((habit) => Number(habit.value.split('-')[1])))
  const shown: string[] = []
  const two = (hour: number): string => String(hour).padStart(2, '0')
  for (let hour = 0; hour < 24; hour++) {
    if (!hours.has(hour)) continue
    const first = hour
    while (hours.has(hour + 1)) hour++
    shown.push(first === hour ? two(first) : `${two(first)}–${two(hour)}`)
  }
  return shown.join(', ')
}
