// What a person arranged in a list: hidden columns, and named views of search + filters + columns.
import { isRecord, isText, isTextList, recall, remember } from '@/base/storage'

export interface SavedView {
  name: string
  q: string
  filters: Record<string, string>
  hidden: string[]
}

const viewsCountMax = 20

function isView(value: unknown): value is SavedView {
  return isRecord(value) && isText(value.name) && isText(value.q) && isTextList(value.hidden) &&
    isRecord(value.filters) && Object.values(value.filters).every(isText)
}
const isViews = (value: unknown): value is SavedView[] => Array.isArray(value) && value.every(isView)

export const recallViews = (list: string): SavedView[] => recall(`views.${list}`, [], isViews)
export const recallHidden = (list: string, fallback: string[]): string[] =>
  recall(`columns.${list}`, fallback, isTextList)
export const rememberHidden = (list: string, hidden: string[]): void => remember(`columns.${list}`, hidden)

// A view of the same name is replaced; the oldest gives way when there are too many.
export function saveView(list: string, views: SavedView[], view: SavedView): SavedView[] {
  const next = [...views.filter((other) => other.name !== view.name), view].slice(-viewsCountMax)
  remember(`views.${list}`, next)
  return next
}

export function removeView(list: string, views: SavedView[], name: string): SavedView[] {
  const next = views.filter((view) => view.name !== name)
  remember(`views.${list}`, next)
  return next
}

// Text for the clipboard that a spreadsheet takes as rows; a leading sign must not become a formula.
export function toRowsText(head: string[], rows: string[][]): string {
  const clean = (cell: string): string => {
    const flat = cell.replace(/[\t\r\n]+/g, ' ')
    return /^[=+@]/.test(flat) || /^-[^\d¥]/.test(flat) ? `'${flat}` : flat
  }
  return [head, ...rows].map((row) => row.map(clean).join('\t')).join('\n')
}
