import { call, client } from '@/api/client'
import type { Page, SignInEntry, SignInExport } from '@/api/types'
import { addDays, dayStart, isDay } from '@/base/time'
import type { ListQuery } from '@/ui/list_state'

export interface SignInFilters extends Record<string, string> {
  result: string
  method: string
  staff_id: string
  address: string
  unusual: string // 'yes': only those
  from: string
  to: string
}
export const noSignInFilters = (): SignInFilters => ({ result: '', method: '', staff_id: '', address: '', unusual: '', from: '', to: '' })

export const results = ['opened', 'challenged', 'refused', 'locked'] as const
export const methods = ['password', 'link', 'code', 'passkey'] as const

// The filter speaks of days in the merchant's zone, the server of instants: from the first one up to the day after.
export function asked({ result, unusual, from, to, method, staff_id, address }: SignInFilters, offsetMinutes: number) {
  const known = results.find((entry) => entry === result)
  return {
    ...(known ? { result: known } : {}),
    ...(method ? { method } : {}),
    ...(staff_id ? { staff_id } : {}),
    ...(address ? { address } : {}),
    ...(unusual === 'yes' ? { unusual: true } : {}),
    ...(isDay(from) ? { from: dayStart(from, offsetMinutes) } : {}),
    ...(isDay(to) ? { to: dayStart(addDays(to, 1), offsetMinutes) } : {}),
  }
}

export const listSignIns = (query: ListQuery, filters: SignInFilters, offsetMinutes: number): Promise<Page<SignInEntry>> =>
  call(client.GET('/api/v1/sign-ins', { params: { query: { ...query, ...asked(filters, offsetMinutes) } } }))

// The parts of an export, one after another; the server records each.
export async function exportSignIns(filters: SignInFilters, offsetMinutes: number): Promise<{ parts: string[]; count: number }> {
  const parts: string[] = []
  let cursor: string | null | undefined
  let count = 0
  do {
    const body: SignInExport = { ...asked(filters, offsetMinutes), ...(cursor ? { cursor } : {}) }
    const part = await call(client.POST('/api/v1/sign-in-exports', { body }))
    parts.push(part.content)
    count += part.count
    cursor = part.next_cursor
  } while (cursor)
  return { parts, count }
}
