import { describe, expect, it } from 'vitest'
import type { OrgNode } from '@/api/types'
import { pathName, treeRows } from './tree'

const node = (id: string, parent_id: string | null, sort = 0, kind: OrgNode['kind'] = 'region'): OrgNode =>
  ({ id, parent_id, kind, name: id.toUpperCase(), depth: 0, sort, store_id: null, version: 1 })
const nodes = [node('s2', 'east', 2, 'store'), node('hq', null), node('west', 'hq', 2), node('east', 'hq', 1), node('s1', 'east', 1, 'store')]

describe('organisation tree', () => {
  it('puts the rows in the order of the tree', () => {
    expect(treeRows(nodes).map((row) => `${row.level}${row.node.id}${row.childrenCount}`)).toEqual(['0hq2', '1east2', '2s10', '2s20', '1west0'])
  })
  it('hides what is below a closed node', () => {
    expect(treeRows(nodes, new Set(['east'])).map((row) => row.node.id)).toEqual(['hq', 'east', 'west'])
  })
  it('begins where the sight of the person begins', () => {
    const part = nodes.filter((entry) => entry.id !== 'hq' && entry.id !== 'west')
    expect(treeRows(part).map((row) => `${row.level}${row.node.id}`)).toEqual(['0east', '1s1', '1s2'])
  })
  it('survives a circle and a node that is its own parent', () => {
    expect(treeRows([node('a', 'a')])).toEqual([])
  })
  it('names the way from the root', () => {
    expect(pathName(nodes, 's1')).toBe('HQ / EAST / S1')
    expect(pathName(nodes, 'nobody')).toBe('')
  })
})
