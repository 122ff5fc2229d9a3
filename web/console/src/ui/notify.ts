import { ElMessage, ElMessageBox } from 'element-plus'
import { asApiError } from '@/api/problem'
import { t } from '@/i18n'
import { problemDetail, problemTitle } from './problem_text'

export function tellDone(text: string): void {
  ElMessage({ type: 'success', message: text, duration: 2500, grouping: true })
}

export function tellProblem(error: unknown): void {
  const problem = asApiError(error)
  const detail = problemDetail(problem)
  ElMessage({ type: 'error', message: detail ? `${problemTitle(problem)} · ${detail}` : problemTitle(problem), duration: 6000, showClose: true, grouping: true })
}

// Resolves false when the person steps back.
export async function confirmed(title: string, text: string, action: string, danger = false): Promise<boolean> {
  try {
    await ElMessageBox.confirm(text, title, {
      confirmButtonText: action,
      cancelButtonText: t('common.cancel'),
      confirmButtonClass: danger ? 'el-button--danger' : '',
      type: danger ? 'warning' : undefined,
      autofocus: true,
    })
    return true
  } catch {
    return false
  }
}

export async function askText(title: string, label: string, action: string, limits: { min: number; max: number }, value = ''): Promise<string | null> {
  try {
    const answer = await ElMessageBox.prompt(label, title, {
      confirmButtonText: action,
      cancelButtonText: t('common.cancel'),
      inputValue: value,
      inputValidator: (text: string) => {
        const length = (text ?? '').trim().length
        return (length >= limits.min && length <= limits.max) || t('common.length_between', limits)
      },
    })
    return (answer as { value: string }).value.trim()
  } catch {
    return null
  }
}

export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
  } catch {
    // Without the clipboard permission the old way still works.
    const area = document.createElement('textarea')
    area.value = text
    document.body.append(area)
    area.select()
    document.execCommand('copy')
    area.remove()
  }
  tellDone(t('common.copied'))
}
