import { call, client } from '@/api/client'
import type { SalesReport } from '@/api/types'

export type ReportBy = 'store' | 'day' | 'product'
export const reportKinds: ReportBy[] = ['store', 'day', 'product']

export const salesReport = (by: ReportBy, from: string, to: string, storeId: string): Promise<SalesReport> =>
  call(client.GET('/api/v1/reports/sales', { params: { query: { by, from, to, ...(storeId ? { store_id: storeId } : {}) } } }))
