import { call, client } from '@/api/client'
import type { AppKey, Page } from '@/api/types'
import type { ListQuery } from '@/ui/list_state'

export const listAppKeys = (query: ListQuery): Promise<Page<AppKey>> =>
  call(client.GET('/api/v1/app-keys', { params: { query } }))
export const createAppKey = (name: string, permissions: string[], nodeId: string): Promise<{ app_key: AppKey; secret: string }> =>
  call(client.POST('/api/v1/app-keys', { body: { name, permissions, ...(nodeId ? { node_id: nodeId } : {}) } }))
export const revokeAppKey = (id: string): Promise<unknown> =>
  call(client.DELETE('/api/v1/app-keys/{key_id}', { params: { path: { key_id: id } } }))
