import { call, platformClient } from '@/api/client'
import { t } from '@/i18n'
import type { GoingOnNow, Merchant, Page, PlatformNotice, SignInEntry } from '@/api/types'
import type { LockOutSource } from '@/pages/lock_outs/api'
import { asked, type SignInFilters } from '@/pages/sign_ins/api'
import type { ListQuery } from '@/ui/list_state'

export const states = ['active', 'frozen'] as const

export const placeText = (place: string): string => (place === 'files' ? t('merchant.in_files') : place)

export const listMerchants = (query: ListQuery, state = ''): Promise<Page<Merchant>> => {
  const known = states.find((entry) => entry === state)
  return call(platformClient.GET('/api/v1/platform/merchants', { params: { query: { ...query, ...(known ? { state: known } : {}) } } }))
}

export async function findMerchant(code: string): Promise<Merchant | undefined> {
  return (await listMerchants({ limit: 100, q: code })).items.find((entry) => entry.code === code)
}

export const freeze = (code: string, reason: string): Promise<Merchant> =>
  call(platformClient.POST('/api/v1/platform/merchants/{code}/freeze', { params: { path: { code } }, body: { reason } }))
export const thaw = (code: string, reason: string): Promise<Merchant> =>
  call(platformClient.POST('/api/v1/platform/merchants/{code}/thaw', { params: { path: { code } }, body: { reason } }))

export const lockOutsOf = (code: string): LockOutSource => {
  const params = { path: { code } }
  return {
    locks: async () => (await call(platformClient.GET('/api/v1/platform/merchants/{code}/lock-outs', { params }))).items,
    attacks: async () => (await call(platformClient.GET('/api/v1/platform/merchants/{code}/sign-in-attacks', { params }))).items,
    unlock: (staffId, reason) =>
      call(platformClient.POST('/api/v1/platform/merchants/{code}/lock-outs/{staff_id}/unlock', { params: { path: { code, staff_id: staffId } }, body: { reason } })),
  }
}

export const signInsOf = (code: string) => (query: ListQuery, filters: SignInFilters, offsetMinutes: number): Promise<Page<SignInEntry>> =>
  call(platformClient.GET('/api/v1/platform/merchants/{code}/sign-ins', { params: { path: { code }, query: { ...query, ...asked(filters, offsetMinutes) } } }))

export const goingOn = (): Promise<GoingOnNow> => call(platformClient.GET('/api/v1/platform/going-on'))
export const listNotices = async (): Promise<PlatformNotice[]> => (await call(platformClient.GET('/api/v1/platform/notices'))).items
