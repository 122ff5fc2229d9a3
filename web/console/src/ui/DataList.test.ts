// @vitest-environment jsdom
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { createPinia } from 'pinia'
import type { Component } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ApiError } from '@/api/problem'
import type { Page } from '@/api/types'
import { i18n, switchLocale } from '@/i18n'
import DataList from './DataList.vue'
import type { Column } from './list_columns'
import type { ListQuery } from './list_state'

interface Row {
  id: string
  name: string
}
const columns: Column<Row>[] = [
  { key: 'id', label: 'common.created_at', text: (row) => row.id, fixed: true },
  { key: 'name', label: 'staff.name', text: (row) => row.name },
]
const two: Page<Row> = { items: [{ id: 'a', name: 'Ann' }, { id: 'b', name: 'Bob' }], next_cursor: null, total: 2 }
let wrapper: VueWrapper | undefined

async function show(load: (query: ListQuery) => Promise<Page<Row>>): Promise<VueWrapper> {
  wrapper = mount(DataList as unknown as Component, {
    props: { name: 'test', columns, load, search: 'staff.search', selectable: true, emptyText: 'staff.none' },
    global: { plugins: [createPinia(), i18n] },
    attachTo: document.body,
  }) as VueWrapper
  await flushPromises()
  return wrapper
}
const press = async (key: string): Promise<void> => {
  document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))
  await flushPromises()
}
const active = (list: VueWrapper): string[] => list.findAll('[data-active="true"]').map((row) => row.attributes('data-id') ?? '')

describe('the list', () => {
  beforeEach(() => {
    localStorage.clear()
    Element.prototype.scrollIntoView = () => {}
    switchLocale('en')
  })
  afterEach(() => wrapper?.unmount())

  it('shows rows, moves with J and K, opens with Enter', async () => {
    const list = await show(async () => two)
    expect(list.findAll('[data-testid="list-row"]')).toHaveLength(2)
    expect(list.find('[data-testid="list-count"]').text()).toBe('2 rows')
    await press('j')
    await press('j')
    expect(active(list)).toEqual(['b'])
    await press('k')
    expect(active(list)).toEqual(['a'])
    await press('Enter')
    expect(list.emitted('open')).toEqual([[two.items[0]]])
  })
  it('focuses the search with a slash and asks the server', async () => {
    const load = vi.fn(async (_query: ListQuery) => two)
    const list = await show(load)
    await press('/')
    const box = list.find('input[type="text"]')
    expect(document.activeElement).toBe(box.element)
    await box.setValue('ann')
    await box.trigger('keyup', { key: 'Enter' })
    await flushPromises()
    expect(load.mock.calls.at(-1)?.[0]).toEqual({ limit: 20, q: 'ann' })
  })
  it('selects with X and forgets with Escape', async () => {
    const list = await show(async () => two)
    await press('j')
    await press('x')
    expect(list.find('[data-testid="list-count"]').text()).toContain('1 selected')
    await press('Escape')
    expect(list.find('[data-testid="list-count"]').text()).toBe('2 rows')
  })
  it('tells empty, refused and failed apart, and tries again', async () => {
    const list = await show(async () => ({ items: [], next_cursor: null, total: 0 }))
    expect(list.find('[data-testid="state-empty"]').text()).toContain('No staff yet')
    wrapper?.unmount()
    const refused = await show(() => Promise.reject(new ApiError(403, 'permission.denied', 'Not yours', 'Ask someone', [], '')))
    expect(refused.find('[data-testid="state-refused"]').text()).toContain('Not yours')
    wrapper?.unmount()
    let answer: () => Promise<Page<Row>> = () => Promise.reject(new ApiError(0, 'network.failed', '', '', [], ''))
    const failed = await show(() => answer())
    expect(failed.find('[data-testid="state-failed"]').text()).toContain('The server cannot be reached')
    answer = async () => two
    await failed.find('[data-testid="state-failed"] button').trigger('click')
    await flushPromises()
    expect(failed.findAll('[data-testid="list-row"]')).toHaveLength(2)
  })
  it('remembers the columns a person hid', async () => {
    localStorage.setItem('hangu.columns.test', '["name"]')
    const list = await show(async () => two)
    expect(list.findAll('th').map((cell) => cell.text()).filter(Boolean)).toEqual(['Created'])
  })
})
