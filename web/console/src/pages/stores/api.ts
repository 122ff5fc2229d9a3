import { call, client } from '@/api/client'
import type { Page, Store, StoreEdit } from '@/api/types'
import type { ListQuery } from '@/ui/list_state'

export type OpeningHours = Store['opening_hours']
export interface StoreDraft {
  parent_id: string
  code: string
  name: string
  address: string
  phone: string
  state: Store['state']
  opening_hours: OpeningHours
}

export const listStores = (query: ListQuery, regionId: string): Promise<Page<Store>> =>
  call(client.GET('/api/v1/stores', { params: { query: { ...query, ...(regionId ? { region_id: regionId } : {}) } } }))
export const viewStore = (id: string): Promise<Store> => call(client.GET('/api/v1/stores/{store_id}', { params: { path: { store_id: id } } }))
export const createStore = ({ state: _state, ...draft }: StoreDraft): Promise<Store> => call(client.POST('/api/v1/stores', { body: draft }))
export const editStore = (store: Store, change: Omit<StoreEdit, 'version'>): Promise<Store> =>
  call(client.PATCH('/api/v1/stores/{store_id}', { params: { path: { store_id: store.id } }, body: { ...change, version: store.version } }))
