// Two languages, one catalogue of keys. Messages are interpreted, never compiled to code, so a strict
// content security policy holds.
import { createI18n } from 'vue-i18n'
import { isText, recall, remember } from '@/base/storage'
import en from './en'
import zhCN from './zh-CN'

export type Locale = 'zh-CN' | 'en'
export const locales: { code: Locale; name: string }[] = [
  { code: 'zh-CN', name: zhCN.language_name },
  { code: 'en', name: en.language_name },
]

const remembered = recall('locale', 'zh-CN', isText)

export const i18n = createI18n({
  legacy: false,
  globalInjection: true,
  locale: (remembered === 'en' ? 'en' : 'zh-CN') as Locale,
  fallbackLocale: false,
  missingWarn: import.meta.env.DEV,
  fallbackWarn: false,
  messages: { 'zh-CN': zhCN, en },
})

export const t = i18n.global.t as (key: string, values?: Record<string, unknown>) => string
export const hasText = i18n.global.te as (key: string) => boolean

// A word of the server (a state, an action) in the language of the person; its code if it is new to us.
export function word(group: string, code: string): string {
  const key = `${group}.${code.replaceAll('.', '_')}`
  return hasText(key) ? t(key) : code
}

// On the platform's own console some words mean something else.
export function speakOfPlatform(): void {
  i18n.global.mergeLocaleMessage('zh-CN', zhCN.of_platform)
  i18n.global.mergeLocaleMessage('en', en.of_platform)
}

export function currentLocale(): Locale {
  return i18n.global.locale.value as Locale
}

export function switchLocale(locale: Locale): void {
  i18n.global.locale.value = locale
  remember('locale', locale)
  tellDocument()
}

function tellDocument(): void {
  if (typeof document !== 'undefined') document.documentElement.lang = currentLocale()
}
tellDocument()
