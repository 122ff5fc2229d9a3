import { call, client } from '@/api/client'
import type { Dashboard } from '@/api/types'

export const viewDashboard = (day: string, storeId: string): Promise<Dashboard> =>
  call(client.GET('/api/v1/dashboard', { params: { query: { ...(day ? { day } : {}), ...(storeId ? { store_id: storeId } : {}) } } }))
