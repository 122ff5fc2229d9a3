// @vitest-environment jsdom
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { allPages, pageGroups } from '@/pages/catalogue'
import en from './en'
import { hasText, i18n, switchLocale, t, word } from './index'
import zhCN from './zh-CN'

const root = join(process.cwd(), 'src')
const han = /[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]/

function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? files(path) : [path]
  })
}
function keys(texts: object, prefix = ''): string[] {
  return Object.entries(texts).flatMap(([key, value]) => (typeof value === 'string' ? [prefix + key] : keys(value as object, `${prefix}${key}.`)))
}
const textAt = (texts: object, key: string): unknown => key.split('.').reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], texts)
const sources = files(root).filter((path) => /\.(vue|ts)$/.test(path) && !path.endsWith('.test.ts') && !path.endsWith('schema.d.ts'))

describe('languages', () => {
  it('have the same keys, none of them empty', () => {
    expect(keys(en).sort()).toEqual(keys(zhCN).sort())
    for (const texts of [zhCN, en]) for (const key of keys(texts)) expect(String(textAt(texts, key)).trim(), key).not.toBe('')
  })
  it('use the same values in every text', () => {
    const holes = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!).sort()
    for (const key of keys(zhCN)) {
      for (const form of String(textAt(en, key)).split(' | ')) expect(holes(form), key).toEqual(holes(String(textAt(zhCN, key))))
    }
  })
  it('contain no sign that the message format would take as its own', () => {
    for (const key of keys(zhCN)) expect(String(textAt(zhCN, key)), key).not.toMatch(/[@|]/)
    for (const key of keys(en)) expect(String(textAt(en, key)), key).not.toMatch(/@/)
  })
  it('have a form for one where English counts, and only there', () => {
    for (const key of keys(en).filter((key) => String(textAt(en, key)).includes('|'))) {
      const forms = String(textAt(en, key)).split(' | ')
      expect(forms.length, key).toBe(2)
      for (const form of forms) expect(form, key).toMatch(/^[^|]*\{count\}[^|]*$/)
    }
    switchLocale('en')
    expect([0, 1, 2].map((count) => t('dashboard.orders', { count }))).toEqual(['0 orders', '1 order', '2 orders'])
    expect(t('role.people_gain', { count: 1, permission: 'x' })).toBe('1 person gains: x')
    switchLocale('zh-CN')
  })
  it('do not mix', () => {
    for (const key of keys(en)) expect(String(textAt(en, key)), key).not.toMatch(han)
  })
  it('hold every text that a source names', () => {
    const known = new Set(keys(zhCN))
    const named = sources.flatMap((path) => [...readFileSync(path, 'utf8').matchAll(/(?:\$t|\bt)\('([a-z_.0-9]+)'|(?:label|search|empty-text|text): '([a-z_]+\.[a-z_0-9]+)'|(?:search|empty-text)="([a-z_]+\.[a-z_0-9]+)"/g)]
      .map((match) => ({ path, key: match[1] ?? match[2] ?? match[3] ?? '' })))
    expect(named.length).toBeGreaterThan(200)
    expect(named.filter(({ key }) => !known.has(key))).toEqual([])
  })
  it('hold the name of every page and group', () => {
    const known = new Set(keys(zhCN))
    for (const page of allPages) expect(known.has(`page.${page.name}`), page.name).toBe(true)
    for (const group of pageGroups) expect(known.has(`group.${group.name}`), group.name).toBe(true)
  })
  it('switch, and leave unknown words of the server as they are', () => {
    switchLocale('en')
    expect([t('common.save'), word('payment_state', 'paid'), word('action', 'order.placed')]).toEqual(['Save', 'Paid', 'Placed'])
    expect(word('payment_state', 'new_state')).toBe('new_state')
    expect(hasText('common.nothing_such')).toBe(false)
    switchLocale('zh-CN')
    expect(document.documentElement.lang).toBe('zh-CN')
    expect(i18n.global.locale.value).toBe('zh-CN')
  })
})

describe('sources', () => {
  it('hold no Chinese text outside the language files', () => {
    const offenders = sources.filter((path) => !path.includes(join('i18n', 'zh-CN'))).filter((path) => han.test(readFileSync(path, 'utf8')))
    expect(offenders).toEqual([])
  })
  it('hold no bare words in templates', () => {
    const offenders: string[] = []
    for (const path of sources.filter((entry) => entry.endsWith('.vue'))) {
      const template = /<template>([\s\S]*)<\/template>/.exec(readFileSync(path, 'utf8'))?.[1] ?? ''
      const bare = template.replace(/<!--[\s\S]*?-->/g, '').replace(/<kbd>[^<]*<\/kbd>/g, '').replace(/\{\{[\s\S]*?\}\}/g, '').replace(/<(?:"[^"]*"|'[^']*'|[^'">])*>/g, '\n').replace(/&\w+;/g, '')
      const words = bare.split('\n').map((line) => line.trim()).filter((line) => /\p{L}{2,}/u.test(line))
      const attributes = [...template.matchAll(/\s(?:placeholder|title|label|aria-label|alt)="([^"]+)"/g)].map((match) => match[1]!)
      if (words.length + attributes.length > 0) offenders.push(`${path}: ${[...words, ...attributes].join(' | ')}`)
    }
    expect(offenders).toEqual([])
  })
})
