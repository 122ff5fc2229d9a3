import { call, client } from '@/api/client'
import type { Explanation, GrantInput, GrantList, Holdings, Page, Role, Staff, StoreGroup } from '@/api/types'
import type { ListQuery } from '@/ui/list_state'

export interface StaffDraft {
  name: string
  login_name: string
  phone: string
  node_id: string
  role_ids: string[]
}
export interface StaffFilters extends Record<string, string> {
  node_id: string
  state: string
}

export const listStaff = (query: ListQuery, filters: StaffFilters): Promise<Page<Staff>> => {
  const state = (['active', 'suspended', 'left'] as const).find((known) => known === filters.state)
  return call(client.GET('/api/v1/staff', {
    params: { query: { ...query, ...(state ? { state } : {}), ...(filters.node_id ? { node_id: filters.node_id } : {}) } },
  }))
}
export const viewStaff = (id: string): Promise<Staff> => call(client.GET('/api/v1/staff/{staff_id}', { params: { path: { staff_id: id } } }))
export const createStaff = (draft: StaffDraft): Promise<{ staff: Staff; sign_in_link_token: string }> => {
  const { phone, ...rest } = draft
  return call(client.POST('/api/v1/staff', { body: { ...rest, ...(phone.trim() ? { phone: phone.trim() } : {}) } }))
}
export const editStaff = (staff: Staff, draft: StaffDraft): Promise<Staff> =>
  call(client.PATCH('/api/v1/staff/{staff_id}', {
    params: { path: { staff_id: staff.id } }, body: { name: draft.name, node_id: draft.node_id, version: staff.version },
  }))
export const suspendStaff = (staff: Staff): Promise<Staff> =>
  call(client.POST('/api/v1/staff/{staff_id}/suspend', { params: { path: { staff_id: staff.id } }, body: { version: staff.version } }))
export const resumeStaff = (staff: Staff): Promise<Staff> =>
  call(client.POST('/api/v1/staff/{staff_id}/resume', { params: { path: { staff_id: staff.id } }, body: { version: staff.version } }))
export const leaveStaff = (staff: Staff): Promise<Staff> =>
  call(client.POST('/api/v1/staff/{staff_id}/leave', { params: { path: { staff_id: staff.id } }, body: { version: staff.version } }))
export const inviteStaff = (staff: Staff): Promise<{ token: string; expires_at: string }> =>
  call(client.POST('/api/v1/staff/{staff_id}/sign-in-link', { params: { path: { staff_id: staff.id } } }))
export const removeFactors = (staff: Staff, reason: string): Promise<unknown> =>
  call(client.POST('/api/v1/staff/{staff_id}/second-factors/remove', { params: { path: { staff_id: staff.id } }, body: { reason } }))
export const listRoles = async (): Promise<Role[]> => (await call(client.GET('/api/v1/roles'))).items

export const listGroups = async (): Promise<StoreGroup[]> => (await call(client.GET('/api/v1/store-groups'))).items
export const viewGrants = (id: string): Promise<GrantList> => call(client.GET('/api/v1/staff/{staff_id}/grants', { params: { path: { staff_id: id } } }))
export const setGrants = (id: string, grants: GrantInput[], version: number): Promise<GrantList> =>
  call(client.PUT('/api/v1/staff/{staff_id}/grants', { params: { path: { staff_id: id } }, body: { grants, version } }))
export const explain = (id: string, permission: string, nodeId: string): Promise<Explanation> =>
  call(client.GET('/api/v1/staff/{staff_id}/explain', { params: { path: { staff_id: id }, query: { permission, node_id: nodeId } } }))
export const viewHoldings = (id: string): Promise<Holdings> => call(client.GET('/api/v1/staff/{staff_id}/holdings', { params: { path: { staff_id: id } } }))
export const transferStaff = (staff: Staff, nodeId: string, roleIds: string[]): Promise<{ staff: Staff; ended: Holdings }> =>
  call(client.POST('/api/v1/staff/{staff_id}/transfer', { params: { path: { staff_id: staff.id } }, body: { node_id: nodeId, role_ids: roleIds, version: staff.version } }))

export const welcomeLink = (token: string, here: Pick<Location, 'origin' | 'pathname'>): string =>
  `${here.origin}${here.pathname}#/welcome?token=${encodeURIComponent(token)}`
