import { call, client } from '@/api/client'
import type { Member, Page } from '@/api/types'
import type { ListQuery } from '@/ui/list_state'

export type Gender = Member['gender']
export interface MemberDraft {
  phone: string
  name: string
  birthday: string
  gender: Gender
  store_id: string
}

// Digits of a whole phone number are looked for exactly; anything else by name or code.
export const isPhone = (text: string): boolean => /^\+?\d[\d\s-]{6,16}\d$/.test(text.trim())
export const plainPhone = (text: string): string => text.trim().replace(/[\s-]/g, '')

export const listMembers = ({ q, ...query }: ListQuery): Promise<Page<Member>> => {
  const wanted = q === undefined ? {} : isPhone(q) ? { phone: plainPhone(q) } : { q }
  return call(client.GET('/api/v1/members', { params: { query: { ...query, ...wanted } } }))
}
export const viewMember = (id: string): Promise<Member> => call(client.GET('/api/v1/members/{member_id}', { params: { path: { member_id: id } } }))

export const createMember = (draft: MemberDraft): Promise<Member> =>
  call(client.POST('/api/v1/members', {
    body: {
      phone: plainPhone(draft.phone), gender: draft.gender,
      ...(draft.name.trim() ? { name: draft.name.trim() } : {}),
      ...(draft.birthday ? { birthday: draft.birthday } : {}),
      ...(draft.store_id ? { store_id: draft.store_id } : {}),
    },
  }))
export const editMember = (member: Member, draft: MemberDraft): Promise<Member> =>
  call(client.PATCH('/api/v1/members/{member_id}', {
    params: { path: { member_id: member.id } },
    body: { name: draft.name.trim(), gender: draft.gender, ...(draft.birthday ? { birthday: draft.birthday } : {}), version: member.version },
  }))
