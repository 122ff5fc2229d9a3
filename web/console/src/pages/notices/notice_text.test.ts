// @vitest-environment jsdom
import { describe, expect, it } from 'vitest'
import { switchLocale } from '@/i18n'
import { insideLink, spoken } from './notice_text'

describe('a notice', () => {
  const notice = { title_zh: '甲', title_en: 'A', text_zh: '乙', text_en: 'B' }
  it('speaks the language of the person', () => {
    switchLocale('en')
    expect(spoken(notice)).toEqual({ title: 'A', text: 'B' })
    switchLocale('zh-CN')
    expect(spoken(notice)).toEqual({ title: '甲', text: '乙' })
  })
  it('leads inside the console only', () => {
    expect(insideLink('/my-safety')).toBe('/my-safety')
    expect(insideLink('/audit')).toBe('/audit')
    for (const link of ['', '//evil.example', 'https://evil.example', '/\\evil', 'javascript:alert(1)', '/a?b']) expect(insideLink(link), link).toBeNull()
  })
})
