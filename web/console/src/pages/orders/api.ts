import { call, client } from '@/api/client'
import type { Order, OrderSummary, Page } from '@/api/types'
import type { ListQuery } from '@/ui/list_state'

export interface OrderFilters extends Record<string, string> {
  store_id: string
  payment_state: string
  from: string
  to: string
  member_id: string
}
export const noFilters = (): OrderFilters => ({ store_id: '', payment_state: '', from: '', to: '', member_id: '' })

export const listOrders = (query: ListQuery, filters: OrderFilters): Promise<Page<OrderSummary>> => {
  const given = Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== ''))
  return call(client.GET('/api/v1/orders', { params: { query: { ...query, ...given } } }))
}
export const viewOrder = (id: string): Promise<Order> =>
  call(client.GET('/api/v1/orders/{order_id}', { params: { path: { order_id: id } } }))

type Production = 'accepted' | 'making' | 'ready' | 'handed_over'
export const advanceOrder = (order: Order, production: Production): Promise<Order> =>
  call(client.POST('/api/v1/orders/{order_id}/advance', {
    params: { path: { order_id: order.id } }, body: { production, version: order.version },
  }))
export const cancelOrder = (order: Order, reason: string): Promise<Order> =>
  call(client.POST('/api/v1/orders/{order_id}/cancel', {
    params: { path: { order_id: order.id } }, body: { reason, version: order.version },
  }))
export const refundOrder = (order: Order, reason: string): Promise<Order> =>
  call(client.POST('/api/v1/orders/{order_id}/refund', {
    params: { path: { order_id: order.id } }, body: { reason, version: order.version },
  }))
