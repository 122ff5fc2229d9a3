// A refusal as the server tells it (RFC 9457), or the fact that the server could not be reached.
import type { components } from './schema'

type Problem = components['schemas']['Problem']
export type FieldProblem = { field: string; code: string; detail?: string | null }

export class ApiError extends Error {
  constructor(
    readonly status: number, // 0: no answer arrived
    readonly code: string,
    readonly title: string,
    readonly detail: string,
    readonly fields: FieldProblem[],
    readonly incident: string,
  ) {
    super(`${code} (${status})`)
    this.name = 'ApiError'
  }

  get refused(): boolean {
    return this.status === 403
  }

  // No statement about the outcome: the same request may be sent again with the same key.
  get uncertain(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500
  }
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

export function readProblem(status: number, body: unknown): ApiError {
  const problem = (typeof body === 'object' && body !== null ? body : {}) as Partial<Problem>
  const fields = Array.isArray(problem.fields) ? problem.fields : []
  return new ApiError(
    status,
    text(problem.code) || `http.${status}`,
    text(problem.title),
    text(problem.detail),
    fields.filter((entry) => typeof entry?.field === 'string'),
    text(problem.incident),
  )
}

export const networkError = (): ApiError => new ApiError(0, 'network.failed', '', '', [], '')

export function asApiError(error: unknown): ApiError {
  return error instanceof ApiError ? error : new ApiError(-1, 'console.fault', '', String(error), [], '')
}
