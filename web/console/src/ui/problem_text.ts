import type { ApiError, FieldProblem } from '@/api/problem'
import { hasText, t, word } from '@/i18n'

// The server speaks the language of the person; we speak only where no server answered.
export function problemTitle(problem: ApiError): string {
  if (problem.title) return problem.title
  const key = `problem.${problem.code.replaceAll('.', '_')}`
  if (hasText(key)) return t(key)
  return problem.status > 0 ? t('problem.answered', { status: problem.status }) : t('problem.console_fault')
}

export function problemDetail(problem: ApiError): string {
  if (problem.detail) return problem.detail
  return problem.code === 'network.failed' ? t('problem.network_detail') : ''
}

// What is wrong with a field; what the server says besides only where it names a limit.
export function fieldText(entry: FieldProblem): string {
  const code = entry.code.replace(/^field\./, '')
  const text = word('field_problem', code)
  if (text === code) return entry.detail || entry.code
  return /\d/.test(entry.detail ?? '') ? `${text} (${entry.detail})` : text
}
