import { call, client } from '@/api/client'
import type { DutyPair, PermissionNode, Role, RolePreview } from '@/api/types'

export const listRoles = async (): Promise<Role[]> => (await call(client.GET('/api/v1/roles'))).items
export const permissionTree = async (): Promise<PermissionNode[]> => (await call(client.GET('/api/v1/permissions'))).items
export const createRole = (name: string, permissions: string[]): Promise<Role> => call(client.POST('/api/v1/roles', { body: { name, permissions } }))
export const editRole = (role: Role, name: string, permissions: string[]): Promise<Role> =>
  call(client.PATCH('/api/v1/roles/{role_id}', { params: { path: { role_id: role.id } }, body: { name, permissions, version: role.version } }))
export const removeRole = (role: Role): Promise<unknown> =>
  call(client.DELETE('/api/v1/roles/{role_id}', { params: { path: { role_id: role.id }, query: { version: role.version } } }))
export const previewRole = (role: Role, permissions: string[]): Promise<RolePreview> =>
  call(client.POST('/api/v1/roles/{role_id}/preview', { params: { path: { role_id: role.id } }, body: { permissions } }))
export const listDutyPairs = async (): Promise<DutyPair[]> => (await call(client.GET('/api/v1/duty-pairs'))).items
export const addDutyPair = (one: string, other: string): Promise<DutyPair> => call(client.POST('/api/v1/duty-pairs', { body: { one, other } }))
export const removeDutyPair = (pair: DutyPair): Promise<unknown> => call(client.DELETE('/api/v1/duty-pairs/{pair_id}', { params: { path: { pair_id: pair.id } } }))
