import { call, client } from '@/api/client'
import type { Category, Page, PictureLink, Product, ProductCreate, ProductPicture, ProductSummary } from '@/api/types'
import type { ListQuery } from '@/ui/list_state'

export interface ProductFilters extends Record<string, string> {
  store_id: string
  category_id: string
  state: string
}

export const listProducts = (query: ListQuery, filters: ProductFilters): Promise<Page<ProductSummary>> => {
  const given = Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== ''))
  return call(client.GET('/api/v1/products', { params: { query: { ...query, ...given } } }))
}
export const viewProduct = (id: string, storeId: string): Promise<Product> =>
  call(client.GET('/api/v1/products/{product_id}', { params: { path: { product_id: id }, query: storeId ? { store_id: storeId } : {} } }))
export const listCategories = async (): Promise<Category[]> => (await call(client.GET('/api/v1/categories'))).items
export const createCategory = (name: string, sort: number): Promise<Category> => call(client.POST('/api/v1/categories', { body: { name, sort } }))
export const editCategory = (category: Category, name: string, sort: number): Promise<Category> =>
  call(client.PATCH('/api/v1/categories/{category_id}', { params: { path: { category_id: category.id } }, body: { name, sort, version: category.version } }))
export const createProduct = (body: ProductCreate): Promise<Product> => call(client.POST('/api/v1/products', { body }))
export const editProduct = (id: string, version: number, body: ProductCreate): Promise<Product> =>
  call(client.PATCH('/api/v1/products/{product_id}', { params: { path: { product_id: id } }, body: { ...body, version } }))
export const linksOfPictures = async (ids: string[]): Promise<PictureLink[]> =>
  (await call(client.GET('/api/v1/product-pictures', { params: { query: { product_ids: ids.join(',') } } }))).items
export const setPicture = (id: string, version: number, content: string): Promise<ProductPicture> =>
  call(client.PUT('/api/v1/products/{product_id}/picture', { params: { path: { product_id: id } }, body: { content, version } }))
export const removePicture = (id: string, version: number): Promise<ProductPicture> =>
  call(client.DELETE('/api/v1/products/{product_id}/picture', { params: { path: { product_id: id }, query: { version } } }))
export const setStorePrice = (storeId: string, specId: string, body: { price_fen: number | null; available: boolean; remaining: number | null }): Promise<unknown> =>
  call(client.PUT('/api/v1/stores/{store_id}/specs/{spec_id}', { params: { path: { store_id: storeId, spec_id: specId } }, body }))
