import { call, client } from '@/api/client'
import type { Category, CounterStore, Member, Order, OrderDraft, OrderPlace, Priced, Product, ProductSummary } from '@/api/types'
import { readAll } from '@/base/read_all'

export const counterStores = async (): Promise<CounterStore[]> => (await call(client.GET('/api/v1/order-stores'))).items
export const counterProducts = (storeId: string): Promise<ProductSummary[]> =>
  readAll((cursor) => call(client.GET('/api/v1/products', {
    params: { query: { store_id: storeId, state: 'on', limit: 100, ...(cursor ? { cursor } : {}) } },
  })))
export const counterCategories = async (): Promise<Category[]> => (await call(client.GET('/api/v1/categories'))).items
export const counterProduct = (productId: string, storeId: string): Promise<Product> =>
  call(client.GET('/api/v1/products/{product_id}', { params: { path: { product_id: productId }, query: { store_id: storeId } } }))
export const memberByPhone = async (phone: string): Promise<Member | null> =>
  (await call(client.GET('/api/v1/members', { params: { query: { phone, limit: 1 } } }))).items[0] ?? null
export const previewOrder = (draft: OrderDraft): Promise<Priced> => call(client.POST('/api/v1/orders/preview', { body: draft }))
export const placeOrder = (order: OrderPlace, key: string): Promise<Order> =>
  call(client.POST('/api/v1/orders', { params: { header: { 'Idempotency-Key': key } }, body: order }))
