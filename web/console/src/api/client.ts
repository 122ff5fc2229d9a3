// The one way to the server. Answers come back as values, refusals as ApiError.
import createClient from 'openapi-fetch'
import { currentLocale } from '@/i18n'
import { ApiError, networkError, readProblem } from './problem'
import type { paths } from './schema'

let onSignedOut: () => void = () => {}

// What happens when the server no longer knows the session.
export function whenSignedOut(handler: () => void): void {
  onSignedOut = handler
}

// A till on a weak network must learn that an attempt failed; no wait is without end.
const answerMsMax = 15_000

async function send(request: Request): Promise<Response> {
  const ended = new AbortController()
  const timer = setTimeout(() => ended.abort(), answerMsMax)
  try {
    return await globalThis.fetch(new Request(request, { signal: ended.signal }))
  } finally {
    clearTimeout(timer)
  }
}

export const client = createClient<paths>({
  baseUrl: globalThis.location?.origin ?? '',
  credentials: 'same-origin',
  fetch: send,
})

client.use({
  onRequest({ request }) {
    request.headers.set('Accept-Language', currentLocale())
    return request
  },
})

interface Answer<T> {
  data?: T
  error?: unknown
  response: Response
}

export async function call<T>(answer: Promise<Answer<T>>): Promise<T> {
  let got: Answer<T>
  try {
    got = await answer
  } catch {
    throw networkError()
  }
  if (got.response.ok) return got.data as T
  const error: ApiError = readProblem(got.response.status, got.error)
  if (error.status === 401 && error.code === 'session.required') onSignedOut()
  throw error
}
