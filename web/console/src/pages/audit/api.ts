import { addDays, dayStart, isDay } from '@/base/time'
import { call, client } from '@/api/client'
import type { AuditArchive, AuditCheck, AuditComparison, AuditExport, AuditLog, AuditRecord, Page } from '@/api/types'
import type { ListQuery } from '@/ui/list_state'

export interface AuditFilters extends Record<string, string> {
  kind: string
  action: string
  actor_id: string
  subject_id: string
  about: string
  result: string
  from: string
  to: string
  archived: string
}
export const noAuditFilters = (): AuditFilters => ({ kind: '', action: '', actor_id: '', subject_id: '', about: '', result: '', from: '', to: '', archived: '' })

const kinds = ['act', 'visit'] as const
const results = ['ok', 'refused', 'failed'] as const

// The filter speaks of days in the merchant's zone, the server of instants: from the first one up to the day after.
function asked({ kind, result, from, to, archived, ...filters }: AuditFilters, offsetMinutes: number) {
  const given: Record<string, string> = Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== ''))
  if (isDay(from)) given.from = dayStart(from, offsetMinutes)
  if (isDay(to)) given.to = dayStart(addDays(to, 1), offsetMinutes)
  const knownKind = kinds.find((entry) => entry === kind)
  const knownResult = results.find((entry) => entry === result)
  return { ...given, ...(knownKind ? { kind: knownKind } : {}), ...(knownResult ? { result: knownResult } : {}), ...(archived === 'yes' ? { archived: true } : {}) }
}

export type AuditPage = Page<AuditRecord> & { archive?: AuditArchive | null }
const emptyPartsMax = 50

// A search of the archive answers after so many bundles, found or not: what is asked for may lie further back.
export async function listAudit(query: ListQuery, filters: AuditFilters, offsetMinutes: number): Promise<AuditPage> {
  const part = (cursor?: string) => call(client.GET('/api/v1/audit-records', { params: { query: { ...query, ...asked(filters, offsetMinutes), ...(cursor ? { cursor } : {}) } } }))
  let page = await part()
  for (let parts = 1; page.items.length === 0 && page.next_cursor && parts < emptyPartsMax; ++parts) page = await part(page.next_cursor)
  return page
}

export const viewLog = (): Promise<AuditLog> => call(client.GET('/api/v1/audit-log'))
export const checkPart = (from: number): Promise<AuditCheck> => call(client.GET('/api/v1/audit-log/check', { params: { query: { from } } }))
export const compareCheckpoint = (checkpoint: string): Promise<AuditComparison> => call(client.POST('/api/v1/audit-log/compare', { body: { checkpoint } }))
export const receiptOf = (id: string) => call(client.GET('/api/v1/audit-records/{record_id}/receipt', { params: { path: { record_id: id } } }))

// The parts of an export, one after another; the server records each.
export async function exportAudit(format: 'csv' | 'jsonl', filters: AuditFilters, offsetMinutes: number, told: (count: number) => void): Promise<string[]> {
  const parts: string[] = []
  let cursor: string | null | undefined
  let count = 0
  do {
    const body: AuditExport = { format, ...asked(filters, offsetMinutes), ...(cursor ? { cursor } : {}) }
    const part = await call(client.POST('/api/v1/audit-exports', { body }))
    parts.push(part.content)
    count += part.count
    told(count)
    cursor = part.next_cursor
  } while (cursor)
  return parts
}
