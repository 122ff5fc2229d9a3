import type { AuditRecord } from '@/api/types'
import { hasText, t } from '@/i18n'

// Our own word in the language of the person, else the server's, else the code.
export function actionName(row: AuditRecord): string {
  const key = `action.${row.action.replaceAll('.', '_')}`
  return hasText(key) ? t(key) : row.action
}

export function subjectName(row: AuditRecord): string {
  if (row.subject.kind === '' && row.subject.id === '') return ''
  const key = `subject.${row.subject.kind}`
  const kind = hasText(key) ? t(key) : row.subject.kind
  return [kind, row.subject.label || row.subject.id].filter(Boolean).join(' ')
}
