// @vitest-environment jsdom
import { describe, expect, it } from 'vitest'
import { allPages, firstPage, visibleGroups } from './catalogue'
import { insideTarget, signInTarget } from '@/router'

const holding = (...codes: string[]) => (code: string) => codes.includes(code)

describe('pages', () => {
  it('have names and keys of their own', () => {
    expect(new Set(allPages.map((page) => page.name)).size).toBe(allPages.length)
    expect(new Set(allPages.map((page) => page.key)).size).toBe(allPages.length)
  })
  it('are shown only to those who may open them', () => {
    expect(visibleGroups(holding()).length).toBe(0)
    const groups = visibleGroups(holding('order.view', 'role.view'))
    expect(groups.map((group) => [group.name, ...group.pages.map((page) => page.name)])).toEqual([
      ['orders', 'orders'],
      ['organisation', 'roles'],
    ])
  })
  it('begin with the first that one may open', () => {
    expect(firstPage(holding('audit.view', 'member.view'))?.name).toBe('members')
    expect(firstPage(holding())).toBeUndefined()
  })
})

describe('sign-in target', () => {
  it('keeps the place one wanted', () => {
    expect(signInTarget('/orders?q=1')).toEqual({ name: 'sign_in', query: { to: '/orders?q=1' } })
    expect(signInTarget('/')).toEqual({ name: 'sign_in' })
  })
  it('never leaves the console', () => {
    expect(insideTarget('/orders/1')).toBe('/orders/1')
    expect(insideTarget('//evil.example')).toBe('/')
    expect(insideTarget('https://evil.example')).toBe('/')
    expect(insideTarget(undefined)).toBe('/')
  })
})
