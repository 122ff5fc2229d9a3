import { call, client } from '@/api/client'
import type { GrantReview, Page } from '@/api/types'
import type { ListQuery } from '@/ui/list_state'

export const listReviews = ({ limit, cursor }: ListQuery, due: boolean): Promise<Page<GrantReview>> =>
  call(client.GET('/api/v1/grants', { params: { query: { limit, ...(cursor ? { cursor } : {}), ...(due ? { due } : {}) } } }))
export const keepGrant = (id: string): Promise<GrantReview> => call(client.POST('/api/v1/grants/{grant_id}/keep', { params: { path: { grant_id: id } } }))
export const takeGrant = (id: string): Promise<unknown> => call(client.DELETE('/api/v1/grants/{grant_id}', { params: { path: { grant_id: id } } }))
