// A button lives on its page: holding it means holding the page. Menus are only headings and are never granted.
import type { PermissionNode } from '@/api/types'
import { currentLocale } from '@/i18n'

export function walk(nodes: PermissionNode[], visit: (node: PermissionNode, above: PermissionNode[]) => void, above: PermissionNode[] = []): void {
  for (const node of nodes) {
    visit(node, above)
    walk(node.children, visit, [...above, node])
  }
}

export function grantable(tree: PermissionNode[]): string[] {
  const codes: string[] = []
  walk(tree, (node) => {
    if (node.kind !== 'menu') codes.push(node.code)
  })
  return codes
}

// What a role holds, in the order of the tree and without headings.
export function heldIn(tree: PermissionNode[], held: readonly string[]): string[] {
  const set = new Set(held)
  return grantable(tree).filter((code) => set.has(code))
}

export function toggle(tree: PermissionNode[], held: readonly string[], code: string): string[] {
  const next = new Set(held)
  walk(tree, (node, above) => {
    if (node.code !== code) return
    if (next.has(code)) {
      walk([node], (below) => next.delete(below.code))
    } else {
      next.add(code)
      above.filter((parent) => parent.kind !== 'menu').forEach((parent) => next.add(parent.code))
    }
  })
  return heldIn(tree, [...next])
}

export function toggleAll(tree: PermissionNode[], held: readonly string[], root: PermissionNode, mayGrant: (code: string) => boolean): string[] {
  const mine = grantable([root]).filter(mayGrant)
  const all = mine.every((code) => held.includes(code))
  return heldIn(tree, all ? held.filter((code) => !mine.includes(code)) : [...held, ...mine])
}

export interface Difference {
  added: string[]
  removed: string[]
}

export function difference(tree: PermissionNode[], before: readonly string[], after: readonly string[]): Difference {
  const was = heldIn(tree, before)
  const is = heldIn(tree, after)
  return { added: is.filter((code) => !was.includes(code)), removed: was.filter((code) => !is.includes(code)) }
}

// Pages that match, each with all its buttons, so that a hit never hangs in the air.
export function search(tree: PermissionNode[], text: string): PermissionNode[] {
  const wanted = text.trim().toLowerCase()
  if (wanted === '') return tree
  const hit = (node: PermissionNode): boolean => [node.code, node.name_zh, node.name_en].some((word) => word.toLowerCase().includes(wanted))
  return tree.flatMap((menu) => {
    if (hit(menu)) return [menu]
    const children = menu.children.filter((page) => hit(page) || page.children.some(hit))
    return children.length > 0 ? [{ ...menu, children }] : []
  })
}

// "Orders / Refund": each permission with the page or menu above it, in the language of the console.
export function permissionNames(tree: PermissionNode[]): Map<string, string> {
  const names = new Map<string, string>()
  walk(tree, (node, above) => {
    names.set(node.code, [...above.slice(-1), node].map((entry) => (currentLocale() === 'en' ? entry.name_en : entry.name_zh)).join(' / '))
  })
  return names
}
