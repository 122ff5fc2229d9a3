// @vitest-environment jsdom
import { beforeEach, describe, expect, it } from 'vitest'
import { recallHidden, recallViews, rememberHidden, removeView, saveView, toRowsText } from './list_views'

const view = (name: string, q = '') => ({ name, q, filters: { state: 'paid' }, hidden: ['id'] })

describe('saved views', () => {
  beforeEach(() => localStorage.clear())
  it('are kept, replaced by name and removed', () => {
    let views = saveView('orders', [], view('a'))
    views = saveView('orders', views, view('b'))
    views = saveView('orders', views, view('a', 'tea'))
    expect(recallViews('orders').map((entry) => [entry.name, entry.q])).toEqual([['b', ''], ['a', 'tea']])
    removeView('orders', views, 'b')
    expect(recallViews('orders').map((entry) => entry.name)).toEqual(['a'])
    expect(recallViews('members')).toEqual([])
  })
  it('survive a spoiled memory', () => {
    localStorage.setItem('hangu.views.orders', '[{"name":3}]')
    expect(recallViews('orders')).toEqual([])
    localStorage.setItem('hangu.columns.orders', '{')
    expect(recallHidden('orders', ['x'])).toEqual(['x'])
  })
  it('are limited in number', () => {
    let views = saveView('orders', [], view('0'))
    for (let i = 1; i < 25; i += 1) views = saveView('orders', views, view(String(i)))
    expect(views).toHaveLength(20)
    expect(views[0]!.name).toBe('5')
  })
  it('remember the columns of each list', () => {
    rememberHidden('orders', ['mode'])
    expect(recallHidden('orders', [])).toEqual(['mode'])
    expect(recallHidden('staff', ['login'])).toEqual(['login'])
  })
})

describe('rows for the clipboard', () => {
  it('are tab separated and never formulas', () => {
    expect(toRowsText(['a', 'b'], [['1\t2', '=cmd()'], ['-¥1.00', '+1']])).toBe("a\tb\n1 2\t'=cmd()\n-¥1.00\t'+1")
  })
})
