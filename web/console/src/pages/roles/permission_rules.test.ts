import { describe, expect, it } from 'vitest'
import type { PermissionNode } from '@/api/types'
import { difference, grantable, heldIn, search, toggle, toggleAll } from './permission_rules'

const node = (code: string, kind: PermissionNode['kind'], children: PermissionNode[] = []): PermissionNode =>
  ({ code, kind, name_zh: `\u540d${code}`, name_en: `Name ${code}`, children })
const tree = [
  node('orders', 'menu', [node('order.view', 'page', [node('order.cancel', 'button'), node('order.refund', 'button')])]),
  node('safety', 'menu', [node('audit.view', 'page')]),
]

describe('permissions of a role', () => {
  it('are pages and buttons, never headings', () => {
    expect(grantable(tree)).toEqual(['order.view', 'order.cancel', 'order.refund', 'audit.view'])
    expect(heldIn(tree, ['orders', 'audit.view', 'order.view', 'gone.code'])).toEqual(['order.view', 'audit.view'])
  })
  it('a button brings its page, a page takes its buttons along', () => {
    expect(toggle(tree, [], 'order.cancel')).toEqual(['order.view', 'order.cancel'])
    expect(toggle(tree, ['order.view', 'order.cancel', 'audit.view'], 'order.view')).toEqual(['audit.view'])
    expect(toggle(tree, ['order.view', 'order.cancel'], 'order.cancel')).toEqual(['order.view'])
  })
  it('a heading toggles only what may be granted', () => {
    const may = (code: string): boolean => code !== 'order.refund'
    expect(toggleAll(tree, [], tree[0]!, may)).toEqual(['order.view', 'order.cancel'])
    expect(toggleAll(tree, ['order.view', 'order.cancel', 'order.refund'], tree[0]!, may)).toEqual(['order.refund'])
  })
  it('show what is added and removed', () => {
    expect(difference(tree, ['order.view', 'order.cancel'], ['order.view', 'audit.view', 'orders'])).toEqual({ added: ['audit.view'], removed: ['order.cancel'] })
  })
  it('are found by name in both languages and by code', () => {
    expect(search(tree, 'audit')).toEqual([tree[1]])
    expect(search(tree, 'refund')[0]!.children[0]!.children).toHaveLength(2)
    expect(search(tree, '\u540dsafety')).toEqual([tree[1]])
    expect(search(tree, 'nothing')).toEqual([])
    expect(search(tree, ' ')).toBe(tree)
  })
})
