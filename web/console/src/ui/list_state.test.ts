import { describe, expect, it } from 'vitest'
import { ApiError } from '@/api/problem'
import type { Page } from '@/api/types'
import { useListState, type ListQuery } from './list_state'

interface Row {
  id: string
  word?: string
}
const rows = (from: number, count: number): Row[] => Array.from({ length: count }, (_, i) => ({ id: String(from + i) }))

function pagesOf(count: number) {
  const asked: ListQuery[] = []
  const load = async (query: ListQuery): Promise<Page<Row>> => {
    asked.push(query)
    const start = Number(query.cursor ?? 0)
    const items = rows(start, Math.min(query.limit, count - start))
    const end = start + items.length
    return { items, next_cursor: end < count ? String(end) : null, total: count }
  }
  return { load, asked }
}

describe('list state', () => {
  it('pages forward and back with cursors', async () => {
    const { load, asked } = pagesOf(45)
    const list = useListState<Row>(load, 20)
    expect(list.phase.value).toBe('loading')
    await list.restart()
    expect([list.first.value, list.last.value, list.total.value]).toEqual([1, 20, 45])
    await list.next()
    await list.next()
    expect([list.first.value, list.last.value, list.hasNext.value]).toEqual([41, 45, false])
    await list.next()
    expect(list.page.value).toBe(2)
    await list.previous()
    expect([list.first.value, list.last.value]).toEqual([21, 40])
    expect(asked.map((query) => query.cursor)).toEqual([undefined, '20', '40', '20'])
  })

  it('ignores an answer that a later question overtook', async () => {
    const waiting: ((page: Page<Row>) => void)[] = []
    const list = useListState<Row>(() => new Promise((resolve) => waiting.push(resolve)))
    const slow = list.restart()
    list.q.value = 'tea'
    const quick = list.restart()
    waiting[1]!({ items: rows(7, 1), next_cursor: null, total: 1 })
    await quick
    waiting[0]!({ items: rows(0, 5), next_cursor: null, total: 5 })
    await slow
    expect(list.items.value.map((row) => row.id)).toEqual(['7'])
    expect(list.busy.value).toBe(false)
  })

  it('tells empty, refused and failed apart, and recovers', async () => {
    let answer: () => Promise<Page<Row>> = async () => ({ items: [], next_cursor: null, total: 0 })
    const list = useListState<Row>(() => answer())
    await list.restart()
    expect(list.phase.value).toBe('empty')
    answer = () => Promise.reject(new ApiError(403, 'permission.denied', '', '', [], ''))
    await list.reload()
    expect(list.phase.value).toBe('refused')
    answer = () => Promise.reject(new ApiError(0, 'network.failed', '', '', [], ''))
    await list.reload()
    expect(list.phase.value).toBe('failed')
    answer = async () => ({ items: rows(0, 1), next_cursor: null, total: 1 })
    await list.reload()
    expect(list.phase.value).toBe('ready')
  })

  it('sends the trimmed search and nothing when it is empty', async () => {
    const { load, asked } = pagesOf(1)
    const list = useListState<Row>(load)
    list.q.value = '  tea '
    await list.restart()
    list.q.value = '   '
    await list.restart()
    expect(asked).toEqual([{ limit: 20, q: 'tea' }, { limit: 20 }])
  })

  it('moves the active row within its bounds', async () => {
    const list = useListState<Row>(pagesOf(3).load)
    expect(list.move(1)).toBeUndefined()
    await list.restart()
    expect(list.move(1)?.id).toBe('0')
    list.move(1)
    expect(list.move(5)?.id).toBe('2')
    expect(list.move(-9)?.id).toBe('0')
  })

  it('keeps the selection across pages', async () => {
    const list = useListState<Row>(pagesOf(30).load, 20)
    await list.restart()
    list.toggle(list.items.value[0]!)
    expect(list.pageSelected.value).toBe('some')
    await list.next()
    expect(list.pageSelected.value).toBe('none')
    list.togglePage()
    expect(list.selected.size).toBe(11)
    expect(list.pageSelected.value).toBe('all')
    list.togglePage()
    expect([...list.selected.keys()]).toEqual(['0'])
    list.clearSelection()
    expect(list.selected.size).toBe(0)
  })

  it('merges a live row: known ones in place, new ones on top of the first page only', async () => {
    const list = useListState<Row>(pagesOf(30).load, 20)
    expect(list.put({ id: 'early' }, true)).toBe('ignored')
    await list.restart()
    list.move(1)
    expect(list.put({ id: '3', word: 'changed' }, true)).toBe('replaced')
    expect(list.items.value[3]).toEqual({ id: '3', word: 'changed' })
    expect(list.put({ id: 'new' }, true)).toBe('inserted')
    expect(list.items.value[0]).toEqual({ id: 'new' })
    expect([list.items.value.length, list.total.value, list.active.value]).toEqual([20, 31, 1])
    expect(list.fresh.has('new')).toBe(true)
    list.settle('new')
    expect(list.fresh.size).toBe(0)
    expect(list.put({ id: 'other' }, false)).toBe('ignored')
    await list.next()
    expect(list.put({ id: 'late' }, true)).toBe('ignored')
  })
})
