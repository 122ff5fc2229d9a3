import { isText, recall, remember } from '@/base/storage'

export type Theme = 'light' | 'dark'

export const currentTheme = (): Theme => (recall('theme', 'light', isText) === 'dark' ? 'dark' : 'light')

export function applyTheme(theme: Theme = currentTheme()): void {
  document.documentElement.classList.toggle('dark', theme === 'dark')
  remember('theme', theme)
}

export function cssColor(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim()
}
