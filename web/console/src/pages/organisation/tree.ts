// From the flat rows of the server to rows in the order of the tree.
import type { OrgNode } from '@/api/types'

export interface TreeRow {
  node: OrgNode
  level: number
  childrenCount: number
}

// Nodes whose parent is out of this person's sight are roots for her.
export function treeRows(nodes: OrgNode[], closed: ReadonlySet<string> = new Set()): TreeRow[] {
  const known = new Set(nodes.map((node) => node.id))
  const children = new Map<string, OrgNode[]>()
  for (const node of nodes) {
    const parent = node.parent_id && known.has(node.parent_id) ? node.parent_id : ''
    children.set(parent, [...(children.get(parent) ?? []), node])
  }
  for (const siblings of children.values()) siblings.sort((a, b) => a.sort - b.sort || (a.name < b.name ? -1 : 1))
  const rows: TreeRow[] = []
  const seen = new Set<string>()
  const walk = (parent: string, level: number): void => {
    for (const node of children.get(parent) ?? []) {
      if (seen.has(node.id)) continue // a tree that bites its tail is drawn once
      seen.add(node.id)
      rows.push({ node, level, childrenCount: children.get(node.id)?.length ?? 0 })
      if (!closed.has(node.id)) walk(node.id, level + 1)
    }
  }
  walk('', 0)
  return rows
}

// "East / Shanghai / Store One", for pickers.
export function pathName(nodes: OrgNode[], id: string): string {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const names: string[] = []
  let at = byId.get(id)
  while (at && names.length < 16) {
    names.unshift(at.name)
    at = at.parent_id ? byId.get(at.parent_id) : undefined
  }
  return names.join(' / ')
}
