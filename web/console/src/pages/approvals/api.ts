import { call, client } from '@/api/client'
import type { Approval, Page } from '@/api/types'
import type { ListQuery } from '@/ui/list_state'

export const whiches = ['to_decide', 'asked', 'all'] as const
export type Which = (typeof whiches)[number]

export const listApprovals = ({ limit, cursor }: ListQuery, which: Which): Promise<Page<Approval>> =>
  call(client.GET('/api/v1/approvals', { params: { query: { limit, which, ...(cursor ? { cursor } : {}) } } }))
export const viewApproval = (id: string): Promise<Approval> => call(client.GET('/api/v1/approvals/{approval_id}', { params: { path: { approval_id: id } } }))
export const decideApproval = (shown: Approval, verdict: 'approve' | 'refuse', reason: string): Promise<Approval> =>
  call(client.POST('/api/v1/approvals/{approval_id}/decide', { params: { path: { approval_id: shown.id } }, body: { verdict, reason, version: shown.version } }))
export const withdrawApproval = (shown: Approval, reason: string): Promise<Approval> =>
  call(client.POST('/api/v1/approvals/{approval_id}/withdraw', { params: { path: { approval_id: shown.id } }, body: { reason, version: shown.version } }))
