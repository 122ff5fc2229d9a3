import { describe, expect, it } from 'vitest'
import type { Grant } from '@/api/types'
import { inputOf, isComplete, rowOf } from './grant_rows'

const grant = (more: Partial<Grant>): Grant => ({
  id: 'g', role_id: 'r', role_name: 'Clerk', place: { node_id: 'n', node_name: 'Store' }, except: [], state: 'now', given_at: '2026-11-22T00:00:00.000Z', due_at: '2027-02-20T00:00:00.000Z', ...more,
})

describe('grant rows', () => {
  it('show whole days of the merchant and give back what was not touched', () => {
    const given = grant({ valid_from: '2026-11-22T03:04:05.006Z', valid_until: '2026-11-30T16:00:00.000Z' })
    const row = rowOf(given, 1, 480)
    expect([row.from, row.until]).toEqual(['2026-11-22', '2026-11-30'])
    expect(inputOf(row, 480)).toEqual({ role_id: 'r', node_id: 'n', valid_from: '2026-11-22T03:04:05.006Z', valid_until: '2026-11-30T16:00:00.000Z' })
    expect(inputOf({ ...row, until: '2026-12-01' }, 480).valid_until).toBe('2026-12-01T16:00:00.000Z')
    expect(inputOf({ ...row, from: '', until: '' }, 480)).toEqual({ role_id: 'r', node_id: 'n' })
  })
  it('have one place: a node with exceptions, or a group', () => {
    const row = rowOf(grant({ except: [{ node_id: 'x', node_name: 'Other' }] }), 1, 480)
    expect(inputOf(row, 480)).toEqual({ role_id: 'r', node_id: 'n', except_node_ids: ['x'] })
    expect(inputOf({ ...row, group_id: 'q' }, 480)).toEqual({ role_id: 'r', group_id: 'q' })
    expect(isComplete(row)).toBe(true)
    expect(isComplete({ ...row, node_id: '' })).toBe(false)
  })
})
