import type { Notice } from '@/api/types'
import { currentLocale } from '@/i18n'

export interface Spoken {
  title: string
  text: string
}

// A notice comes in both languages, so that switching needs no question to the server.
export function spoken(notice: Pick<Notice, 'title_zh' | 'title_en' | 'text_zh' | 'text_en'>): Spoken {
  return currentLocale() === 'en' ? { title: notice.title_en, text: notice.text_en } : { title: notice.title_zh, text: notice.text_zh }
}

// Links lead to places inside the console only.
export const insideLink = (link: string): string | null => (/^\/[a-z0-9][a-z0-9/_-]*$/.test(link) ? link : null)
