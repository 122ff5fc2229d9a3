import { call, client } from '@/api/client'
import type { StoreGroup } from '@/api/types'

export const listGroups = async (q: string): Promise<StoreGroup[]> => (await call(client.GET('/api/v1/store-groups', { params: { query: q ? { q } : {} } }))).items
export const createGroup = (name: string, nodeIds: string[]): Promise<StoreGroup> => call(client.POST('/api/v1/store-groups', { body: { name, node_ids: nodeIds } }))
export const editGroup = (group: StoreGroup, name: string, nodeIds: string[]): Promise<StoreGroup> =>
  call(client.PATCH('/api/v1/store-groups/{group_id}', { params: { path: { group_id: group.id } }, body: { name, node_ids: nodeIds, version: group.version } }))
export const removeGroup = (group: StoreGroup): Promise<unknown> =>
  call(client.DELETE('/api/v1/store-groups/{group_id}', { params: { path: { group_id: group.id }, query: { version: group.version } } }))
