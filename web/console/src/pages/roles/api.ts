import { call, client } from '@/api/client'
import type { PermissionNode, Role } from '@/api/types'

export const listRoles = async (): Promise<Role[]> => (await call(client.GET('/api/v1/roles'))).items
export const permissionTree = async (): Promise<PermissionNode[]> => (await call(client.GET('/api/v1/permissions'))).items
export const createRole = (name: string, permissions: string[]): Promise<Role> => call(client.POST('/api/v1/roles', { body: { name, permissions } }))
export const editRole = (role: Role, name: string, permissions: string[]): Promise<Role> =>
  call(client.PATCH('/api/v1/roles/{role_id}', { params: { path: { role_id: role.id } }, body: { name, permissions, version: role.version } }))
export const removeRole = (role: Role): Promise<unknown> =>
  call(client.DELETE('/api/v1/roles/{role_id}', { params: { path: { role_id: role.id }, query: { version: role.version } } }))
