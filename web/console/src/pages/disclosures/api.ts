import { addDays, dayStart } from '@/base/time'
import { call, client } from '@/api/client'
import type { Disclosure, DisclosureAsked, DisclosureContent, Page } from '@/api/types'
import type { ListQuery } from '@/ui/list_state'

// Fields that every act has, in the order of the record; "~*" is everything that changed.
export const recordFields = ['at', 'action', 'actor_kind', 'actor_id', 'actor_name', 'subject_kind', 'subject_id', 'subject_label', 'org_path', 'route', 'address', 'trace', '~*']

export interface Wish {
  requester: string
  legalGround: string
  reason: string
  from: string
  to: string
  action: string
  subjectId: string
  fields: string[]
}
export const emptyWish = (): Wish => ({ requester: '', legalGround: '', reason: '', from: '', to: '', action: '', subjectId: '', fields: ['at', 'action'] })

// Days in the merchant's zone; the last one ends now when it is today.
export function bodyOf(wish: Wish, offsetMinutes: number, now: Date): DisclosureAsked {
  const end = dayStart(addDays(wish.to, 1), offsetMinutes)
  return {
    requester: wish.requester.trim(), legal_ground: wish.legalGround.trim(), reason: wish.reason.trim(), fields: wish.fields,
    from: dayStart(wish.from, offsetMinutes), to: Date.parse(end) > now.getTime() ? now.toISOString() : end,
    ...(wish.action.trim() ? { action: wish.action.trim() } : {}), ...(wish.subjectId.trim() ? { subject_id: wish.subjectId.trim() } : {}),
  }
}

export const listDisclosures = ({ limit, cursor }: ListQuery): Promise<Page<Disclosure>> =>
  call(client.GET('/api/v1/disclosures', { params: { query: { limit, ...(cursor ? { cursor } : {}) } } }))
export const viewDisclosure = (id: string): Promise<Disclosure> => call(client.GET('/api/v1/disclosures/{disclosure_id}', { params: { path: { disclosure_id: id } } }))
export const askDisclosure = (body: DisclosureAsked): Promise<Disclosure> => call(client.POST('/api/v1/disclosures', { body }))
export const takeDisclosure = (id: string): Promise<DisclosureContent> => call(client.POST('/api/v1/disclosures/{disclosure_id}/take', { params: { path: { disclosure_id: id } } }))
