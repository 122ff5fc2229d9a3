import { addDays, dayStart, isDay } from '@/base/time'
import { call, client } from '@/api/client'
import type { AuditRecord, Page } from '@/api/types'
import type { ListQuery } from '@/ui/list_state'

export interface AuditFilters extends Record<string, string> {
  kind: string
  action: string
  actor_id: string
  subject_id: string
  from: string
  to: string
}
export const noAuditFilters = (): AuditFilters => ({ kind: '', action: '', actor_id: '', subject_id: '', from: '', to: '' })

// The filter speaks of days in the merchant's zone, the server of instants: from the first one up to the day after.
export const listAudit = (query: ListQuery, { kind, from, to, ...filters }: AuditFilters, offsetMinutes: number): Promise<Page<AuditRecord>> => {
  const given: Record<string, string> = Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== ''))
  if (isDay(from)) given.from = dayStart(from, offsetMinutes)
  if (isDay(to)) given.to = dayStart(addDays(to, 1), offsetMinutes)
  const known = (['act', 'visit'] as const).find((entry) => entry === kind)
  return call(client.GET('/api/v1/audit-records', { params: { query: { ...query, ...given, ...(known ? { kind: known } : {}) } } }))
}
