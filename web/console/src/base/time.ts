// Instants arrive as RFC 3339 in UTC and are shown in the merchant's zone, whatever the zone of the device.

const minuteMs = 60_000
const dayMs = 86_400_000

function shifted(instant: string | Date, offsetMinutes: number): Date | null {
  const ms = typeof instant === 'string' ? Date.parse(instant) : instant.getTime()
  return Number.isNaN(ms) ? null : new Date(ms + offsetMinutes * minuteMs)
}

const two = (value: number): string => String(value).padStart(2, '0')

export function dayOf(instant: string | Date, offsetMinutes: number): string {
  const at = shifted(instant, offsetMinutes)
  return at ? `${at.getUTCFullYear()}-${two(at.getUTCMonth() + 1)}-${two(at.getUTCDate())}` : ''
}

export function clockOf(instant: string | Date, offsetMinutes: number, seconds = false): string {
  const at = shifted(instant, offsetMinutes)
  if (!at) return ''
  const clock = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`
  return seconds ? `${clock}:${two(at.getUTCSeconds())}` : clock
}

// "2026-11-22 18:00"
export function formatInstant(instant: string | null | undefined, offsetMinutes: number, seconds = false): string {
  if (!instant) return ''
  const day = dayOf(instant, offsetMinutes)
  return day === '' ? '' : `${day} ${clockOf(instant, offsetMinutes, seconds)}`
}

export function today(offsetMinutes: number, now: Date): string {
  return dayOf(now, offsetMinutes)
}

export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00.000Z`) + days * dayMs).toISOString().slice(0, 10)
}

// The instant at which a day begins in the zone of the merchant.
export function dayStart(day: string, offsetMinutes: number): string {
  return new Date(Date.parse(`${day}T00:00:00.000Z`) - offsetMinutes * minuteMs).toISOString()
}

// 1 is Monday, 7 is Sunday.
export function weekdayOf(day: string): number {
  return new Date(`${day}T00:00:00.000Z`).getUTCDay() || 7
}

export function isDay(text: unknown): text is string {
  return typeof text === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))
}
